// A text as it is, with a button that copies it. Where a page may not use the clipboard (http on a network), an older way.
async function copy(text, box) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    getSelection().selectAllChildren(box);
    document.execCommand("copy");
    getSelection().removeAllRanges();
  }
}

export default function ({ parentElement, data }) {
  const box = Object.assign(document.createElement("pre"), { className: "desk-text", tabIndex: 0, textContent: data.text });
  const button = Object.assign(document.createElement("button"), { type: "button", className: "desk-copy" });
  button.textContent = data.copy;
  button.onclick = async () => {
    await copy(data.text, box);
    said.textContent = data.copied;
  };
  const said = Object.assign(document.createElement("span"), { role: "status" });
  const root = Object.assign(document.createElement("div"), { className: "desk-export" });
  root.append(button, said, box);
  parentElement.querySelector(".desk-export")?.remove();
  parentElement.append(root);
}
