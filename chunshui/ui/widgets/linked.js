// Draws HTML whose links stay inside the app: a plain click tells Python where it leads, and only a
// click with a key or the middle button opens the address anew.
export default function ({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".linked");
  if (root.dataset.drawn !== data.html) {
    root.dataset.drawn = data.html;
    root.innerHTML = data.html;
    for (const table of root.querySelectorAll("table.grid")) addCells(table, root);
  }
  root.onclick = (event) => {
    const link = event.composedPath().find((one) => one.tagName === "A");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    setTriggerValue("followed", link.getAttribute("href"));
  };
}

// A cell says what it is of (place, metric, value, status) to readers of screens, on hover and on
// focus; written out 220 times in the page that would be most of what is sent.
function addCells(table, root) {
  const said = root.querySelector(".said");
  const legend = said?.textContent;
  const heads = [...table.tHead.rows[0].cells];
  for (const row of table.tBodies[0].rows) {
    const place = row.cells[0].dataset.name;
    for (const cell of row.querySelectorAll("td[data-text]")) {
      const { name, target } = heads[cell.cellIndex].dataset;
      const link = document.createElement("a");
      const asked = new URLSearchParams({ open: name, of: place });
      link.setAttribute("href", `${table.dataset.open.replace(/[^?]$/, "$&&")}${asked}`);
      link.textContent = cell.textContent;
      const words = [place, name, cell.dataset.text, target, cell.dataset.status];
      link.setAttribute("aria-label", words.filter(Boolean).join("，"));
      cell.replaceChildren(link);
    }
  }
  const say = (event) => {
    const link = event.target.closest?.("td a");
    if (said) said.textContent = link ? link.getAttribute("aria-label") : legend;
  };
  for (const kind of ["mouseover", "focusin", "mouseleave", "focusout"])
    table.addEventListener(kind, say);
}
