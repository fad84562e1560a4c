// One screen at a time over everything: a modal dialog, so that nothing beneath it is reached by keys
// or read out. Arrows, buttons and 空格 turn, Home and End go to the first and the last, N leaves names away
// or shows them; Esc and 退出 leave by a real address, to a page drawn anew.
const STEPS = {
  ArrowRight: 1, ArrowDown: 1, PageDown: 1, " ": 1, ArrowLeft: -1, ArrowUp: -1, PageUp: -1,
};

export default function ({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".stage");
  let dialog = root.firstElementChild;
  if (!dialog) {
    dialog = root.appendChild(document.createElement("dialog"));
    dialog.tabIndex = -1;
    dialog.setAttribute("aria-label", "会场模式");
    dialog.showModal();
  }
  if (dialog.dataset.drawn !== data.html) {
    const { step, names } = root.getRootNode().activeElement?.dataset ?? {};
    dialog.dataset.drawn = data.html;
    dialog.innerHTML = data.html;
    (dialog.querySelector(names ? "[data-names]" : `[data-step="${step}"]:enabled`) ?? dialog).focus();
  }
  let place = data.place;  // where the keys have led, ahead of what is drawn
  const turn = (step) => {
    if (place + step < 1 || place + step > data.count) return;
    place += step;
    setTriggerValue("turned", place);
  };
  const name = () => setTriggerValue("named", !data.named);
  const leave = () => location.assign(data.leave);
  dialog.oncancel = (event) => { event.preventDefault(); leave(); };
  dialog.onclick = (event) => {
    const button = event.target.closest("button");
    if (!button) dialog.focus();
    else if (button.dataset.step) turn(Number(button.dataset.step));
    else if (button.dataset.names) name();
    else leave();
  };
  dialog.onkeydown = (event) => {
    const ends = { Home: 1 - place, End: data.count - place };
    const step = STEPS[event.key] ?? ends[event.key], names = event.key.toLowerCase() === "n";
    if ((step === undefined && !names) || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === " " && event.target.closest("button")) return;
    event.preventDefault();
    if (names) name();
    else turn(step);
  };
}
