/* Streamlit has no Chinese edition: menus of tables, tooltips and connection messages are English.
   This puts the few that a reader can meet into Chinese, as they appear. It runs once per page.
   So does what Streamlit's own menu lacks: the present page marked for readers of screens, who are not
   told of lists that are none; on a narrow screen a label, and that a choice folds it. */
document.documentElement.lang = "zh-CN";
if (!window.chunshuiWords) {
  const folding = "[data-testid=stSidebar][data-collapsed=false] [data-testid=stSidebarCollapseButton] button";
  document.addEventListener("click", (event) => {
    if (window.innerWidth < 768 && event.target.closest?.("[data-testid=stSidebarNavLink]"))
      setTimeout(() => document.querySelector(folding)?.click(), 300);
  });
  // What still glides as a list opens, or is scrolled by the finger that opened it, would close it.
  const stay = (event) => {
    if (event.target.closest?.("[role=listbox]")) return;
    event.type === "wheel" ? event.preventDefault() : event.stopImmediatePropagation();
  };
  let gliding;
  const hold = (event) => {
    if (!event.target.closest?.("[data-testid=stSelectbox], [data-testid=stMultiSelect]")) return;
    clearTimeout(gliding);
    const how = { capture: true, passive: false }, kinds = ["scroll", "wheel"];
    kinds.forEach((kind) => window.addEventListener(kind, stay, how));
    gliding = setTimeout(() => kinds.forEach((kind) => window.removeEventListener(kind, stay, how)), 700);
  };
  ["pointerdown", "keydown"].forEach((kind) => window.addEventListener(kind, hold, true));
  const ROW_PX = 33;  // of a table, and its boxes are as wide
  window.chunshuiWords = new Map(Object.entries({
    "App logo": "春水", "Skip to main content": "跳到正文", "App pages": "页面", "Sidebar": "菜单",
    "Collapse sidebar": "收起菜单", "Expand sidebar": "菜单",
    "Open": "展开", "Close": "关闭", "Clear value": "清除", "Clear all": "全部清除",
    "Clear entry": "清除", "Select all": "全选", "Choose an option": "请选择", "Choose options": "请选择",
    "Dismiss": "关闭", "Navigate to home page": "回到首页", "Logo": "春水", "Selected values": "已选",
    "No results": "没有匹配项", "No options to select": "没有可选项", "No options": "没有可选项",
    "Show/hide columns": "显示或隐藏列", "Download as CSV": "下载为 CSV", "Search": "查找",
    "Fullscreen": "全屏", "Close fullscreen": "退出全屏", "Clear selection": "取消选择",
    "Sort ascending": "升序", "Sort descending": "降序", "Format": "格式", "Autosize": "自动列宽",
    "Pin column": "固定列", "Unpin column": "取消固定", "Hide column": "隐藏列",
    "Copy column name": "复制列名", "Statistics": "统计", "Automatic": "自动", "Plain": "原样",
    "Localized": "千分位", "Compact": "缩略", "Dollar": "美元", "Euro": "欧元", "Yen": "日元",
    "Percent": "百分比", "Scientific": "科学计数", "Accounting": "会计", "Duration": "时长",
    "Distance": "距今", "Calendar": "日历", "Count": "个数", "Distinct": "不同值",
    "Minimum": "最小", "Maximum": "最大", "Average": "平均", "Median": "中位数", "Sum": "合计",
    "Empty": "空值", "Standard deviation": "标准差", "No data": "没有数据", "empty": "没有数据",
    "Next Result": "下一处", "Previous Result": "上一处", "Close Search": "关闭查找",
    "Copy to clipboard": "复制", "Copied": "已复制", "Copy": "复制", "Link to heading": "标题链接",
    "Upload": "选择文件", "Browse files": "选择文件", "Drag and drop files here": "把文件拖到这里",
    "Drag and drop file here": "把文件拖到这里", "Add files": "再加文件", "Add file": "再加文件",
    "Remove file": "去掉这个文件", "Delete file": "去掉这个文件", "Uploading...": "正在上传…", "Error:": "出错：",
    "Add row": "添一行", "Add rows": "添几行", "Delete row(s)": "删去选中的行",
    "Next page": "下一页", "Previous page": "上一页", "Pagination": "分页",
    "Help": "说明", "Show data": "看数据", "Show chart": "看图", "Download as PNG": "下载图片",
    "yyyy": "年", "mm": "月", "dd": "日", "Clear date": "清除日期", "Choose date": "选日期",
    "Use arrow keys to navigate dates. Enter to select. Escape to close.": "用方向键选日子，回车选定，Esc关闭。",
    "System": "随系统", "Light": "浅色", "Dark": "深色", "Theme": "外观", "Print": "打印", "Main menu": "外观与打印",
    "Stop": "停止", "Running...": "正在计算…", "Connecting": "正在连接", "CONNECTING": "正在连接",
    "Failed to generate file for download": "文件没有做成，可能没有权限或登录已过期；请刷新后再试",
    "file upload": "上传文件", "Connection error": "连接已断开", "Page not found": "没有这个页面",
    "Is Streamlit still running? If you accidentally stopped Streamlit, just restart it in your terminal:":
      "看板服务没有应答，可能已经停止。请在安装目录重新启动：",
    "streamlit run yourscript.py": "python -m chunshui run",
    "Streamlit server is not responding. Are you connected to the internet?":
      "看板服务没有应答。请检查网络，或联系维护人员。",
    "The page that you have requested does not seem to exist. Running the app's main page.":
      "链接里的页面不存在，已改为打开“一池春水”。",
  }));
  const words = window.chunshuiWords;
  const named = ["aria-label", "aria-valuetext", "title", "placeholder", "alt"];
  const parts = { year: "年", month: "月", day: "日", Remove: "去掉", "Help for": "说明：" };
  const known = (said) => {  // what names a part of something: "Search: 名单", "Remove 名单", "month, 日期"
    const [, part, mark, rest] = said?.match(/^([A-Za-z/ ]+?)(: |, | )([^A-Za-z].*)$/s) ?? [];
    const word = mark === ": " ? words.get(part) : parts[part];
    return word && (mark === " " ? `${word}${rest}` : mark === ", " ? `${rest}：${word}` : `${word}：${rest}`);
  };
  const say = (node) => {
    if (node.nodeType === Node.TEXT_NODE) {
      const size = node.data.match(/^(?:Limit )?(\d+)MB per file/);
      const some = node.data.match(/^Select (\d+) match(?:es)?$/);
      const typed = node.data.match(/^Add: (.+)$/);
      const lost = node.data.match(/AxiosError/);  // of an upload
      const word = words.get(node.data.trim()) ?? (size && `每个文件不超过 ${size[1]} MB`)
        ?? (lost && "没有传上来，可能网络断开，或看板重新启动过。请去掉它，再放入一次。")
        ?? (some && `选中这${some[1]}项`) ?? (typed && `按“${typed[1]}”找（名称、拼音、首字母）`);
      const ours = node.parentElement?.closest("pre, [data-testid=stMarkdown]");  // but for Streamlit's own line
      if (word && (!ours || node.data.startsWith("streamlit run"))) node.data = word;
      return;
    }
    if (node.nodeType !== Node.ELEMENT_NODE || node.namespaceURI.endsWith("svg")) return;
    for (const name of named) {
      const said = node.getAttribute(name);
      const word = words.get(said) ?? known(said) ?? (/^[a-z_ ]+ icon$/.test(said) ? "图标" : undefined);
      if (word) node.setAttribute(name, word);
    }
    if (node.tagName === "PRE") node.tabIndex = 0;  // that keys can scroll it
    node.childNodes.forEach(say);
  };
  const mendMenu = () => {
    for (const one of document.querySelectorAll("[data-testid=stSidebarNav] :is(ul, li)"))
      if (one.role !== "none") one.role = "none";
    for (const one of document.querySelectorAll("[data-testid=stSidebarNavLink]"))
      if ((one.pathname === location.pathname) !== one.hasAttribute("aria-current"))
        one.toggleAttribute("aria-current") && one.setAttribute("aria-current", "page");
  };
  say(document.body);
  mendMenu();
  // When the screen turns dark or light, the run that follows still draws for the old appearance
  // (streamlit issue 11920): once more, by Streamlit's own key.
  const drawAnew = () => setTimeout(() => {
    const key = {key: "r", code: "KeyR", keyCode: 82, which: 82, bubbles: true};
    for (const event of ["keydown", "keypress", "keyup"]) document.body.dispatchEvent(new KeyboardEvent(event, key));
  }, 500);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAnew);
  // Streamlit keeps the appearance chosen for the page that was opened first, and for no other.
  const first = `stActiveTheme-${performance.getEntriesByType("navigation")[0].name.replace(/^\w+:\/\/[^/]+|[?#].*/g, "")}-v2`;
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("[data-testid^=stMainMenuItem-theme]")) return;
    drawAnew();
    setTimeout(() => {
      const chosen = localStorage.getItem(first);
      for (const page of document.querySelectorAll("[data-testid=stSidebarNavLink]"))
        if (chosen) localStorage.setItem(`stActiveTheme-${page.pathname}-v2`, chosen);
        else localStorage.removeItem(`stActiveTheme-${page.pathname}-v2`);
    }, 200);
  });
  // One step back undoes one step. What one click or key changes Streamlit notes bit by bit (each filter, the page
  // left without what was chosen on it, the page gone to) and what a widget holds not at all: they become one.
  const [push, replace] = [history.pushState.bind(history), history.replaceState.bind(history)];
  let stepped = true, pushed = -Infinity;
  addEventListener("popstate", () => { stepped = true; pushed = -Infinity; });
  for (const act of ["pointerdown", "keydown", "click"])
    addEventListener(act, ({ detail }) => { stepped &&= act === "click" && detail > 0; }, true);  // of a mouse, told by its pointer
  const note = (always) => (state, title, address) => {
    const there = new URL(address, location.href), now = performance.now();
    const same = there.pathname === location.pathname && there.search === location.search;
    const goesOn = stepped || now - pushed < 400 || (same && !always);
    if (!goesOn) [stepped, pushed] = [true, now];
    (goesOn ? replace : push)(state, title, address);
  };
  history.pushState = note(true);
  history.replaceState = note(false);
  // Paper cannot be scrolled: before it is asked for, tables grow to the rows that a sheet holds and to all
  // their columns (made smaller to fit, as far as they can be read), and what is not on it is told. A browser's own way to print gives no time to draw them anew.
  const opened = () => document.querySelector("[role=dialog]:not([data-testid=stPopoverBody])");
  const PAPER_ROWS = 32, BESIDE_ROWS = 24, SMALLEST = 0.8;
  const grids = () => [...(opened() ?? document).querySelectorAll("[data-testid=stDataFrame]")]
    .map((grid) => ({ grid, frame: grid.querySelector("[data-testid=stDataFrameResizable]"), columns: grid.querySelector(".dvn-scroller"),
      rows: Number(grid.querySelector("canvas table")?.getAttribute("aria-rowcount")) - 1 }))
    .filter(({ frame, rows }) => frame && rows > 0);
  const toPrinter = print.bind(window);
  // What is still being drawn would be missing on paper: when nothing has changed for a while, it is whole.
  const drawn = () => new Promise((done) => {
    const app = document.querySelector("[data-testid=stApp]");
    const end = () => { clearTimeout(timer); clearTimeout(last); changes.disconnect(); done(); };
    const rests = () => app?.dataset.testScriptState === "notRunning" && !document.querySelector("[data-testid=stSkeleton]");
    const wait = () => { clearTimeout(timer); timer = setTimeout(() => rests() ? end() : wait(), 300); };
    const changes = new MutationObserver(wait), last = setTimeout(() => end(), 15000);
    let timer;
    changes.observe(document.body, { subtree: true, childList: true });
    wait();
  });
  const printWhole = async () => {
    await drawn();
    const grown = grids().map(({ frame, columns, rows }) => {
      const before = frame.style.cssText, most = frame.closest("[data-testid=stColumn]") ? BESIDE_ROWS : PAPER_ROWS;
      const tall = (Math.min(rows, most) + 1) * ROW_PX + 3;
      if (tall > frame.clientHeight) frame.style.height = `${tall}px`;
      const wide = frame.offsetWidth, whole = Math.min(columns.scrollWidth + 2, wide / SMALLEST);
      if (whole > wide) Object.assign(frame.style, { maxWidth: "none", width: `${whole}px` });
      frame.style.setProperty("--fit", wide / Math.max(whole, wide));
      return [frame, before];
    });
    setTimeout(() => {
      toPrinter();
      for (const [frame, before] of grown) frame.style.cssText = before;
    }, grown.length ? 600 : 0);
  };
  window.print = printWhole;
  addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "p" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
    event.preventDefault();
    printWhole();
  }, true);
  // A page that is one sheet is laid out as wide as fills it: the narrower, the larger its letters.
  const SHEET_PX = { wide: 718, tall: 1040 };
  const fitSheet = () => {
    const onPaper = [...document.styleSheets].filter((one) => !one.href).flatMap((one) => [...one.cssRules])
      .filter((rule) => rule instanceof CSSMediaRule && rule.conditionText === "print");
    const page = document.querySelector("[data-testid=stMain]");
    for (const rule of onPaper) rule.media.mediaText = "all";
    for (let wide = SHEET_PX.wide; wide <= 1200; wide += 10) {
      document.documentElement.style.setProperty("--wide", wide);
      if (page.getBoundingClientRect().height <= SHEET_PX.tall) break;
    }
    for (const rule of onPaper) rule.media.mediaText = "print";
  };
  // Paper shows the page as it is laid out now, and is white.
  addEventListener("beforeprint", () => {
    for (const { grid, frame, columns, rows } of grids()) {
      const listed = Math.min(rows, Math.floor(frame.clientHeight / ROW_PX) - 1), cut = [];
      if (rows > listed) cut.push(`共${rows.toLocaleString()}行，印出前${listed}行`);
      if (columns.scrollWidth > columns.clientWidth + 2) cut.push("右边的列没有印出");
      grid.dataset.rest = cut.length ? `${cut.join("；")}；全部在页面上“下载”的文件里。` : "";
      frame.style.setProperty("--tall", `${(listed + 1) * ROW_PX + 2}px`);
    }
    const page = opened() ?? document.querySelector("[data-testid=stMainBlockContainer]");
    const { paddingLeft, paddingRight } = getComputedStyle(page);
    document.documentElement.style.setProperty("--wide", page.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight));
    const mark = document.querySelector("[data-testid=stMain] .stMarkdownBadge")?.textContent.match(/演示数据.*/)?.[0] ?? "";
    if (!opened() && document.querySelector(".st-key-one_sheet")) fitSheet();
    document.documentElement.style.setProperty("--mark", JSON.stringify(mark));
    const dark = getComputedStyle(document.querySelector("[data-testid=stApp]")).colorScheme === "dark";
    document.documentElement.classList.toggle("dark", dark);
  });
  // A row that opens something opens wherever it is clicked: Streamlit takes a click on its box alone.
  document.addEventListener("click", (event) => {
    const grid = event.target.closest?.("[class*=st-key-rows_] .dvn-scroller");
    if (!grid || !event.isTrusted) return;
    const { left, top } = grid.getBoundingClientRect();
    if (event.clientY < top + ROW_PX || event.clientX < left + ROW_PX) return;
    const there = { bubbles: true, cancelable: true, view: window, clientX: left + ROW_PX / 2, clientY: event.clientY };
    for (const type of ["pointerdown", "mousedown", "pointerup", "mouseup", "click"])
      grid.dispatchEvent(new (type.startsWith("pointer") ? PointerEvent : MouseEvent)(type, there));
  });
  // A list opens at what is chosen, not at its top.
  const openAtChoice = (added) => setTimeout(() => {
    const within = added.matches?.("[role=listbox], [role=option]") ? added.parentElement : added;
    if (!added.querySelector || !within?.querySelector("[role=listbox], [role=option]")) return;
    within.querySelector("[role=option][aria-selected=true]")?.scrollIntoView({ block: "center" });
  }, 50);
  new MutationObserver((changes) => {
    mendMenu();
    for (const change of changes) {
      if (change.type === "childList") change.addedNodes.forEach((one) => { say(one); openAtChoice(one); });
      else say(change.target);
    }
  }).observe(document.body, {
    subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: named,
  });
}
