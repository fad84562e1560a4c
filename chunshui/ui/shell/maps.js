/* Maps: buttons that move them, beside plotly's that zoom, a flight to what is chosen, and marks that
   belong to some nearness.

   A push moves as a drag of the hand does, so that plotly keeps where the reader went. */
if (!window.chunshuiMaps) {
  const WAYS = { 向左移: [1, 0, "M600 100L300 350L600 600z"], 向右移: [-1, 0, "M275 100L575 350L275 600z"],
    向上移: [0, 1, "M187 500L437 200L687 500z"], 向下移: [0, -1, "M187 200L437 500L687 200z"] };
  const KEYS = { ArrowLeft: "向左移", ArrowRight: "向右移", ArrowUp: "向上移", ArrowDown: "向下移" };
  const known = window.chunshuiMaps = new WeakSet(), seen = new Map();
  const still = matchMedia("(prefers-reduced-motion: reduce)");

  const ends = (map) => {
    const { _subplot: { projection }, lonaxis, lataxis } = map._fullLayout.geo;
    return [0, 1].map((end) => projection([lonaxis.range[end], lataxis.range[end]]));
  };
  // Streamlit may draw a page's map anew where another stood; by its page, key and size it is the same.
  const note = (map) => {
    const key = map.closest("[class*=st-key-]")?.className.match(/st-key-\w+/)?.[0];
    const same = [location.pathname, key, map.clientWidth, map.clientHeight].join(), before = seen.get(same);
    seen.set(same, ends(map));
    return before;
  };

  // Begin where the ends lay before, and glide to where they are now.
  const fly = (map) => {
    const before = note(map);
    if (!before || still.matches) return;
    const [[west, south], [east]] = ends(map), [[oldWest, oldSouth], [oldEast]] = before;
    const grown = (oldEast - oldWest) / (east - west);
    const x = oldWest - grown * west, y = oldSouth - grown * south;
    if (Math.abs(grown - 1) < 0.001 && Math.hypot(x, y) < 1) return;
    for (const layer of map.querySelectorAll(".geo > g"))
      layer.animate([{ transform: `matrix(${grown}, 0, 0, ${grown}, ${x}, ${y})` }, { transform: "none" }],
        { duration: 450, easing: "ease-in-out" });
  };

  // What is meant for another nearness than the present is neither seen nor clicked (see `between`).
  const sift = (map) => {
    const times = map._fullLayout.geo.projection.scale / parseFloat(map.layout.uirevision);
    for (const one of map.querySelectorAll(".geo .scatterlayer > .trace")) {
      const [least, most] = one.__data__?.[0]?.trace?.meta?.zoom ?? [0, null];
      one.style.display = times >= least * 0.99 && (most === null || times < most * 0.99) ? "" : "none";
    }
  };

  const push = (map, way) => {
    const ground = map._fullLayout.geo._subplot.bgRect.node(), frame = ground.getBoundingClientRect();
    const [x, y] = [frame.x + frame.width / 2, frame.y + frame.height / 2];
    const [dx, dy] = [way[0] * frame.width / 4, way[1] * frame.height / 4];
    const act = (node, type, part) => node.dispatchEvent(new MouseEvent(type,
      { bubbles: true, view: window, clientX: x + dx * part, clientY: y + dy * part }));
    act(ground, "mousedown", 0);
    const began = performance.now(), span = still.matches ? 1 : 200;
    const step = (at) => {
      const part = Math.min(1, Math.max(0, at - began) / span);
      act(window, "mousemove", part * (2 - part));
      if (part < 1) return requestAnimationFrame(step);
      act(window, "mouseup", 1);
      note(map);
    };
    step(still.matches ? began + 1 : began);
  };

  const addButtons = (map) => {
    const bar = map.querySelector(".modebar"), first = bar?.querySelector(".modebar-btn");
    if (!first) return;
    let group = bar.querySelector(".pushes");
    if (!group) {
      group = bar.appendChild(document.createElement("div"));
      group.className = "modebar-group pushes";
      for (const [name, way] of Object.entries(WAYS)) {
        const button = group.appendChild(first.cloneNode(true));
        for (const said of ["data-attr", "data-val", "data-toggle"]) button.removeAttribute(said);
        button.setAttribute("aria-label", name);
        button.dataset.title = name;
        button.querySelector("svg").setAttribute("viewBox", "0 -88 875 875");
        button.querySelector("path").setAttribute("d", `M0 -88H875V787H0z${way[2]}`);
        button.querySelector("path").setAttribute("fill-rule", "evenodd");
        button.querySelector("path").removeAttribute("transform");
        button.onclick = () => push(map, way);
        button.onmouseenter = button.onmouseleave = ({ type }) => paint(map, [button], type === "mouseenter");
      }
      bar.onkeydown = (event) => {
        if (!(event.key in KEYS)) return;
        event.preventDefault();
        push(map, WAYS[KEYS[event.key]]);
      };
    }
    group.style.backgroundColor = first.parentElement.style.backgroundColor;
    paint(map, group.children);
  };
  const paint = (map, buttons, isActive = false) => {
    const { color, activecolor } = map._fullLayout.modebar;
    for (const button of buttons) button.querySelector("path").style.fill = isActive ? activecolor : color;
  };

  let waiting = false;
  const find = () => {
    waiting = false;
    for (const ground of document.querySelectorAll(".js-plotly-plot .geo")) {
      const map = ground.closest(".js-plotly-plot");
      if (known.has(map) || !map.on || !map._fullLayout?.geo?._subplot?.projection) continue;
      known.add(map);
      fly(map);
      sift(map);
      addButtons(map);
      map.on("plotly_afterplot", () => { fly(map); sift(map); addButtons(map); });
      map.on("plotly_relayout", () => { note(map); sift(map); });
    }
  };
  new MutationObserver(() => {
    if (!waiting) waiting = requestAnimationFrame(find);
  }).observe(document.body, { subtree: true, childList: true });
}
