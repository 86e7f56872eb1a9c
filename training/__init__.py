"""How the embedded model was made: corpus, tokenizer, pairs, weights, packed model, model card."""
