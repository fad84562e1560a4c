// Draws HTML whose links stay inside the app: a plain click tells Python where it leads, and only a
// click with a key or the middle button, or a link with a target, opens the address anew.
export default function ({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".linked");
  if (root.dataset.drawn !== data.html) {
    root.dataset.drawn = data.html;
    root.innerHTML = data.html;
    for (const table of root.querySelectorAll("table[data-open]")) addCells(table, root);
  }
  root.onclick = (event) => {
    const link = event.composedPath().find((one) => one.tagName === "A");
    if (!link || link.target || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    setTriggerValue("followed", link.getAttribute("href"));
  };
}

// A cell says what it is of (place, metric, value, status) to readers of screens, on hover and on
// focus; written out hundreds of times that, and the links, would be most of what is sent.
// A grid has its metrics across and its places down, a table of places side by side the reverse.
function addCells(table, root) {
  const said = root.querySelector(".said");
  const legend = said?.textContent;
  const isGrid = table.className === "grid";
  const marks = isGrid ? JSON.parse(table.dataset.marks) : {};
  const here = table.dataset.open.replace(/[^?]$/, "$&&");
  const linkTo = (cell, asked, words) => {
    const link = document.createElement("a");
    link.setAttribute("href", `${here}${new URLSearchParams(asked)}`);
    link.append(...cell.childNodes);
    link.setAttribute("aria-label", words.filter(Boolean).join("，"));
    cell.replaceChildren(link);
  };
  const heads = [...table.tHead.rows[0].cells];
  for (const row of table.tBodies[0].rows) {
    for (const cell of row.querySelectorAll("td[data-text]")) {
      const ends = [heads[cell.cellIndex].dataset, row.cells[0].dataset];
      const [{ name, target }, place] = isGrid ? ends : ends.reverse();
      const words = [place.name, name, cell.dataset.text, target, marks[cell.firstChild.data], cell.dataset.moved];
      linkTo(cell, { open: name, ...(place.name && { of: place.name }) }, words);
    }
  }
  for (const head of heads.filter((one) => isGrid && one.dataset.name))
    linkTo(head, { open: head.dataset.name }, [head.dataset.name, head.dataset.target]);
  const say = (event) => {
    const link = event.target.closest?.("td a, thead a");
    if (said) said.textContent = link ? link.getAttribute("aria-label") : legend;
  };
  for (const kind of ["mouseover", "focusin", "mouseleave", "focusout"])
    table.addEventListener(kind, say);
}
