/* Fits every slide to its box, typesets the mathematics, then starts reveal.js. Part of graphmagic (BSD-3-Clause). */
"use strict";
(() => {
  const options = JSON.parse(document.getElementById("lecture-options").textContent);
  const root = document.documentElement;
  const printing = /print-pdf|view=print/i.test(window.location.search);

  // Tried in this order until the slide fits: [size of the text, height of the figures].
  const LADDER = [[1, 1], [1, 0.85], [0.92, 0.75], [0.92, 0.6], [0.86, 0.55], [0.8, 0.5]];
  // On paper nobody can scroll, so rather small than cut off.
  const LAST_RESORT = printing ? [[0.7, 0.4], [0.55, 0.35], [0.45, 0.3], [0.35, 0.25]] : [[0.72, 0.45]];
  // Wide code and tables shrink as far as this; what is wider yet is wrapped at the second size.
  const SMALLEST_WIDE_TEXT = 0.7;
  const WRAPPED_TEXT = 0.85;
  const FIGURE = ".jp-RenderedSVG img, .jp-RenderedImage img, .jp-RenderedMarkdown img, .jp-RenderedHTMLCommon img";
  const UNIT = ".in-place, .jp-CodeCell > .jp-Cell-inputWrapper, .jp-OutputArea-child, .jp-RenderedMarkdown > *";
  const SCROLLABLE = "pre, .jp-RenderedHTML, .jp-RenderedMarkdown > table";

  const slides = () => [...document.querySelectorAll(".slides section")].filter((s) => !s.querySelector("section"));
  const isHeading = (element) => /^H[1-6]$/.test(element.tagName);

  /* ---- height ---- */
  function units(slide) {
    const found = [...slide.querySelectorAll(UNIT)].filter((u) => !u.closest("aside.notes") && u.offsetHeight > 0);
    return found.filter((u) => !found.some((other) => other !== u && other.contains(u)));
  }

  function limit(slide) {
    return slide.getBoundingClientRect().bottom - parseFloat(getComputedStyle(slide).paddingBottom) + 0.5;
  }

  function overflow(slide) {
    const bottoms = units(slide).map((unit) => unit.getBoundingClientRect().bottom);
    return Math.max(0, ...bottoms) - limit(slide);
  }

  function resize(slide, [text, figure]) {
    slide.style.setProperty("--text-scale", text);
    slide.style.setProperty("--figure-scale", figure);
    fitWidths(slide);
  }

  function climb(slide, ladder) {
    return ladder.some((step) => {
      resize(slide, step);
      return overflow(slide) <= 0;
    });
  }

  /* Moves what does not fit to a new slide behind this one; returns that slide, or null if there is no place to cut. */
  function split(slide) {
    resize(slide, LADDER[2]);
    const all = units(slide);
    const first = all.findIndex((unit) => !isHeading(unit));
    let cut = all.findIndex((unit) => unit.getBoundingClientRect().bottom > limit(slide));
    if (first < 0 || cut < first) return null;
    const rest = document.createRange();
    const inside = placeInside(all[cut], slide, cut === first);
    while (!inside && cut - 1 > first && isHeading(all[cut - 1])) cut -= 1;
    if (inside) rest.setStart(inside.node, inside.offset);
    else if (cut > first) rest.setStartBefore(all[cut]);
    else return null;
    rest.setEndAfter(slide.lastChild);
    const next = moveToNewSlide(slide, rest, all.slice(0, first).findLast(isHeading));
    if (inside?.head) next.querySelector("table").prepend(inside.head.cloneNode(true));
    return next;
  }

  function moveToNewSlide(slide, rest, heading) {
    const next = slide.cloneNode(false);
    next.removeAttribute("style");
    if (heading) next.append(continuation(heading));
    const moved = rest.extractContents();
    moved.querySelectorAll("[id]").forEach((element) => {
      if (document.getElementById(element.id)) element.removeAttribute("id");
    });
    // Nothing stands in front of it on its new slide, so there is nothing to wait for; nor for what is left of it here.
    moved.firstElementChild?.classList.remove("fragment");
    [...slide.querySelectorAll(".fragment")].findLast((fragment) => !fragment.querySelector(UNIT))?.remove();
    next.append(moved);
    slide.after(next);
    return next;
  }

  /* Where to cut code, text or a table that would not fit on a slide of its own: in front of a line or a row. */
  function placeInside(unit, slide, must) {
    if (!must && unit.offsetHeight < 0.8 * options.reveal.height) return null;
    const bottom = limit(slide) - parseFloat(getComputedStyle(slide).fontSize) * 0.6;
    const [pre, table] = ["pre", "table"].map((kind) => (unit.matches(kind) ? unit : unit.querySelector(kind)));
    const starts = pre ? lineStarts(pre) : table ? rowStarts(table) : [];
    const possible = starts.filter((start) => start.above <= bottom).slice(must ? 0 : 4);
    const good = possible.slice(Math.floor(possible.length * 0.6)).findLast((start) => start.good);
    return good || possible.at(-1) || null;
  }

  function rowStarts(table) {
    const rows = [...table.rows].filter((row) => !row.closest("thead"));
    return rows.slice(1).map((row, before) => ({
      node: row.parentNode,
      offset: [...row.parentNode.childNodes].indexOf(row),
      above: rows[before].getBoundingClientRect().bottom,
      head: table.tHead,
    }));
  }

  function lineStarts(pre) {
    const found = [];
    const range = document.createRange();
    const walker = document.createTreeWalker(pre, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      for (let at = node.data.indexOf("\n"); at >= 0; at = node.data.indexOf("\n", at + 1)) {
        range.setStart(node, at);
        range.setEnd(node, at + 1);
        const following = node.data.slice(at + 1) || nextText(node, pre);
        const above = range.getBoundingClientRect().bottom;
        // A line that is not indented starts something new, so it is a good place.
        if (following) found.push({ node, offset: at + 1, above, good: /^[^\s)\]}]/.test(following) });
      }
    }
    return found;
  }

  function nextText(node, pre) {
    const walker = document.createTreeWalker(pre, NodeFilter.SHOW_TEXT);
    walker.currentNode = node;
    return walker.nextNode()?.data ?? "";
  }

  function continuation(heading) {
    const cell = document.createElement("div");
    cell.className = "jp-RenderedMarkdown";
    const copy = heading.cloneNode(true);
    copy.removeAttribute("id");
    const marked = copy.querySelector(".continued");
    if (!marked) copy.insertAdjacentHTML("beforeend", ' <span class="continued">(continued)</span>');
    cell.append(copy);
    return cell;
  }

  function scroll(slide) {
    const boxes = [...slide.querySelectorAll(SCROLLABLE)].filter((box) => !box.closest("aside.notes"));
    boxes.sort((a, b) => b.offsetHeight - a.offsetHeight);
    for (const box of boxes) {
      const excess = overflow(slide);
      if (excess <= 0) return;
      box.classList.add("scrolls");
      box.tabIndex = 0;
      box.style.maxHeight = `${Math.max(140, box.offsetHeight - excess - 2)}px`;
    }
    if (overflow(slide) > 0) slide.classList.add("scrolls");
  }

  function fit(slide) {
    if (climb(slide, LADDER)) return;
    const next = split(slide);
    if (next) {
      fit(slide);
      fit(next);
    } else if (!climb(slide, LAST_RESORT)) {
      scroll(slide);
    }
  }

  /* ---- width ---- */
  function fitWidths(slide) {
    for (const box of slide.querySelectorAll("pre")) fitWidth(box, box, () => box.classList.add("wraps"));
    for (const table of slide.querySelectorAll("table")) {
      fitWidth(table.parentElement, table, () => table.parentElement.classList.add("scrolls"));
    }
    for (const math of slide.querySelectorAll("mjx-container[display]")) fitWidth(math, math, () => {});
  }

  function fitWidth(box, content, otherwise) {
    content.style.fontSize = "";
    box.classList.remove("wraps");
    if (box.scrollWidth <= box.clientWidth + 1) return;
    const size = parseFloat(getComputedStyle(content).fontSize);
    const ratio = (box.clientWidth / box.scrollWidth) * 0.985;
    content.style.fontSize = `${size * (ratio < SMALLEST_WIDE_TEXT ? WRAPPED_TEXT : ratio)}px`;
    if (box.scrollWidth > box.clientWidth + 1) otherwise();
  }

  /* ---- figures and title slides ---- */
  async function loadFigures() {
    const images = [...document.querySelectorAll(FIGURE)];
    await Promise.all(images.map((image) => image.decode().catch(() => undefined)));
    for (const image of images) {
      // A vector drawing may grow a little: what is drawn for a page is small on a screen at the end of a room.
      const growth = image.closest(".jp-RenderedSVG") ? options.figureGrowth : 1;
      const width = Number(image.getAttribute("width")) || image.naturalWidth;
      if (!width || !image.naturalHeight) continue;
      image.style.setProperty("--natural-width", `${width * growth}px`);
      image.style.setProperty("--aspect", image.naturalWidth / image.naturalHeight);
    }
  }

  function markTitles() {
    for (const slide of slides()) {
      const heading = slide.querySelector(".jp-RenderedMarkdown > h1");
      const others = slide.querySelector(".jp-CodeCell, img, table, pre, ul, ol");
      if (heading && !others && slide.querySelectorAll("h1, h2, h3").length === 1) slide.classList.add("title-slide");
    }
  }

  /* A fragment tagged in-place stands where what is in front of it stood. */
  function stackInPlace() {
    for (const fragment of document.querySelectorAll(".fragment:has(> .celltag_in-place)")) {
      let before = fragment.previousElementSibling;
      while (before?.matches("aside")) before = before.previousElementSibling;
      if (!before) continue;
      if (!before.matches(".in-place")) {
        const place = document.createElement("div");
        place.className = "in-place";
        before.replaceWith(place);
        place.append(before);
        before = place;
      }
      before.append(fragment);
    }
  }

  /* ---- start ---- */
  async function typeset() {
    const pieces = [...document.querySelectorAll(".jp-RenderedMarkdown, .jp-RenderedLatex, .jp-RenderedHTML")];
    await MathJax.startup.promise;
    await MathJax.typesetPromise(pieces);
    // The speaker window shows a copy of the notes without the style sheet that hides this.
    document.querySelectorAll("aside.notes mjx-assistive-mml").forEach((element) => element.remove());
  }

  async function start() {
    root.classList.add("measuring");
    stackInPlace();
    markTitles();
    await typeset();
    await loadFigures();
    slides().forEach(fit);
    root.classList.remove("measuring");
    await Reveal.initialize({ ...options.reveal, plugins: [RevealNotes] });
    root.dataset.deck = "ready";
  }

  start();
})();
