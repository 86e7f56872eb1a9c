"""The page: ``streamlit run app.py``."""

import os
from pathlib import Path

from recommender.ui import main

HERE = Path(__file__).parent

main(library=Path(os.environ.get("RECOMMENDER_LIBRARY", HERE / "library.db")), seeds=HERE / "seeds")
