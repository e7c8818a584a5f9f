// Run inside a page by test_pages.py: contrast of all visible text, size of all targets, structure.
(() => {
  const parse = (colour) => {
    const numbers = colour.match(/[\d.]+/g)?.map(Number) ?? [0, 0, 0, 0];
    if (colour.startsWith("color(srgb")) return [...numbers.slice(0, 3).map((n) => n * 255), numbers[3] ?? 1];
    return [numbers[0], numbers[1], numbers[2], numbers[3] ?? 1];
  };
  const over = (top, below) => {
    const a = top[3];
    return [0, 1, 2].map((n) => top[n] * a + below[n] * (1 - a)).concat(1);
  };
  const luminance = (colour) => {
    const [r, g, b] = colour.map((n) => n / 255).map((n) => (n <= 0.03928 ? n / 12.92 : ((n + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (a, b) => {
    const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
    return (high + 0.05) / (low + 0.05);
  };
  /** The colours that may lie behind an element: its own and its ancestors' backgrounds, with each stop of a pattern. */
  const backgrounds = (element) => {
    const chain = [];
    for (let node = element; node; node = node.parentElement) {
      const style = getComputedStyle(node);
      chain.unshift(style);
      if (node.matches("dialog, [popover]")) break;
    }
    let colours = [parse(getComputedStyle(document.documentElement).backgroundColor)];
    for (const style of chain) {
      colours = colours.map((below) => over(parse(style.backgroundColor), below));
      const stops = style.backgroundImage.match(/rgba?\([^)]*\)|color\(srgb[^)]*\)/g) ?? [];
      if (stops.length) colours = colours.flatMap((below) => stops.map((stop) => over(parse(stop), below)));
    }
    return colours;
  };
  const isDrawn = (element) => element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }) && !element.closest(".sr, .skip:not(:focus), option, noscript, [aria-busy]");
  const modal = document.querySelector("dialog:modal");
  const root = modal ?? document.body;

  const contrast = () => {
    const bad = [];
    let seen = 0;
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const judge = (element, words, colour, large) => {
      seen += 1;
      const worst = Math.min(...backgrounds(element).map((behind) => ratio(over(parse(colour), behind), behind)));
      if (worst < (large ? 3 : 4.5)) bad.push(`${worst.toFixed(2)} “${words.slice(0, 40)}” ${colour} in ${element.className?.baseVal ?? element.className} of ${element.tagName}`);
    };
    while (walker.nextNode()) {
      const words = walker.currentNode.textContent.trim();
      const element = walker.currentNode.parentElement;
      if (words === "" || !isDrawn(element) || element.closest(":disabled")) continue;
      const style = getComputedStyle(element);
      const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && Number(style.fontWeight) >= 700);
      if (element.closest("svg")) {
        const shape = element.parentElement.querySelector("rect, circle");
        const fill = shape ? parse(getComputedStyle(shape).fill) : [255, 255, 255, 0];
        seen += 1;
        const worst = Math.min(...backgrounds(element.closest("svg").parentElement).map((behind) => ratio(parse(style.fill), over(fill, behind))));
        if (worst < 4.5) bad.push(`${worst.toFixed(2)} svg “${words}”`);
      } else judge(element, words, style.color, large);
    }
    for (const field of root.querySelectorAll("input, textarea, select")) {
      if (!isDrawn(field) || field.type === "radio" || field.type === "checkbox") continue;
      judge(field, field.value || field.placeholder || "field", getComputedStyle(field).color, false);
      if (field.placeholder) judge(field, field.placeholder, getComputedStyle(field, "::placeholder").color, false);
    }
    return { seen, bad };
  };

  const targets = () => [...root.querySelectorAll("button, a[href], input, select, textarea, [role=tab], [role=option]")].filter(isDrawn).filter((one) => !one.closest("dialog:not([open])")).map((one) => {
    const box = one.getBoundingClientRect();
    return { width: box.width, height: box.height, words: one.getAttribute("aria-label") ?? one.innerText ?? one.id };
  }).filter((one) => one.width < 24 || one.height < 24).map((one) => `${one.width.toFixed(1)}×${one.height.toFixed(1)} ${one.words}`);

  const structure = () => {
    const bad = [];
    const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
    for (const id of new Set(ids.filter((one, n) => ids.indexOf(one) !== n))) bad.push(`two elements have the id ${id}`);
    if (document.querySelectorAll("main").length !== 1) bad.push("not exactly one main");
    if (document.querySelectorAll("h1").length !== 1) bad.push("not exactly one h1");
    for (const table of document.querySelectorAll("table")) {
      if (!table.caption?.textContent) bad.push("a table has no caption");
      if (table.querySelector("thead th:not([scope=col])")) bad.push("a column header has no scope");
    }
    for (const field of document.querySelectorAll("input, select, textarea")) if (!field.labels?.length && !field.getAttribute("aria-label")) bad.push(`no label: ${field.outerHTML.slice(0, 90)}`);
    for (const name of ["aria-labelledby", "aria-controls", "aria-describedby"]) for (const one of document.querySelectorAll(`[${name}]`)) if (one.checkVisibility() && !document.getElementById(one.getAttribute(name))) bad.push(`${name} points nowhere: ${one.getAttribute(name)}`);
    for (const one of document.querySelectorAll("[style], [onclick]")) if (one.matches("[onclick]")) bad.push("an inline handler");
    if (!document.documentElement.lang) bad.push("no language");
    if (!document.title.includes("Tandem")) bad.push("no title");
    return bad;
  };

  return { contrast: contrast(), targets: targets(), structure: structure(), overflow: document.documentElement.scrollWidth - innerWidth };
})();
