// One screen at a time over everything: a modal dialog, so that nothing beneath it is reached by keys
// or read out. Arrows, buttons and 空格 turn; Esc and 退出 leave by a real address, to a page drawn anew.
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
    const step = root.getRootNode().activeElement?.dataset.step;
    dialog.dataset.drawn = data.html;
    dialog.innerHTML = data.html;
    (dialog.querySelector(`[data-step="${step}"]:enabled`) ?? dialog).focus();
  }
  let place = data.place;  // where the keys have led, ahead of what is drawn
  const turn = (step) => {
    if (place + step < 1 || place + step > data.count) return;
    place += step;
    setTriggerValue("turned", place);
  };
  const leave = () => location.assign(data.leave);
  dialog.oncancel = (event) => { event.preventDefault(); leave(); };
  dialog.onclick = (event) => {
    const button = event.target.closest("button");
    if (!button) dialog.focus();
    else if (button.dataset.step) turn(Number(button.dataset.step));
    else leave();
  };
  dialog.onkeydown = (event) => {
    const step = STEPS[event.key];
    if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === " " && event.target.closest("button")) return;
    event.preventDefault();
    turn(step);
  };
}
