// A field with its hits under it: what is typed is looked for on the server after a pause; arrows
// choose a hit, Enter opens the chosen or the first one, Escape and leaving the field put them away.
const PAUSE_MS = 150;

export default function ({ parentElement, data, setStateValue, setTriggerValue }) {
  const root = parentElement.querySelector(".search");
  if (!root.firstChild) {
    root.innerHTML =
      '<input type="search" role="combobox" aria-autocomplete="list" aria-controls="hits" aria-expanded="false" '
      + 'aria-label="查找" placeholder="找指标、社区、阵地、项目…" autocomplete="off" '
      + 'spellcheck="false"><div class="hits" id="hits" role="listbox" aria-label="找到的" hidden></div>';
  }
  const [input, hits] = root.children;
  const options = () => [...hits.querySelectorAll("a")];
  const chosen = () => hits.querySelector("[aria-selected=true]");
  const show = (open) => {
    hits.hidden = !open || !hits.firstChild;
    input.setAttribute("aria-expanded", String(!hits.hidden));
  };
  const choose = (option) => {
    for (const one of options()) one.setAttribute("aria-selected", String(one === option));
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
  };
  const ask = () => setStateValue("typed", input.value.trim());
  const open = (link) => {
    root.awaited = false;
    input.value = "";
    show(false);
    setStateValue("typed", "");
    setTriggerValue("followed", link.getAttribute("href"));
  };

  if (root.dataset.drawn !== data.html) {
    root.dataset.drawn = data.html;
    hits.innerHTML = data.html;
    options().forEach((one, at) => { one.id = `hit${at}`; one.tabIndex = -1; });
    choose(null);
  }
  show(data.typed !== "" && data.typed === input.value.trim() && root.contains(root.getRootNode().activeElement));
  if (root.awaited && data.typed === input.value.trim() && options().length) open(options()[0]);

  input.oninput = () => {
    clearTimeout(root.timer);
    root.timer = setTimeout(ask, PAUSE_MS);
    root.awaited = false;
    if (!input.value.trim()) show(false);
  };
  input.onfocus = () => show(data.typed !== "" && data.typed === input.value.trim());
  input.onblur = () => show(false);
  input.onkeydown = (event) => {
    event.stopPropagation(); // single letters are keys of Streamlit's own
    if (event.isComposing) return;
    const all = options();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && all.length) {
      event.preventDefault();
      const at = all.indexOf(chosen());
      choose(all[at < 0 && step < 0 ? all.length - 1 : (at + step + all.length) % all.length]);
    } else if (event.key === "Escape") {
      show(false);
    } else if (event.key === "Enter" && input.value.trim()) {
      if (data.typed === input.value.trim()) {
        const link = chosen() ?? all[0];
        if (link) open(link);
      } else {
        root.awaited = true; // the hits are on their way
        clearTimeout(root.timer);
        ask();
      }
    }
  };
  input.onkeypress = input.onkeyup = (event) => event.stopPropagation();
  hits.onmousedown = (event) => event.preventDefault(); // or the field loses the focus before the click
  hits.onclick = (event) => {
    const link = event.target.closest("a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    open(link);
  };
}
