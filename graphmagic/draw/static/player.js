/* Puts a player in the place of the picture and the table of each traced run on a page. Part of graphmagic (BSD-3-Clause). */
(() => {
  "use strict";
  const styles = "STYLES";
  const svgSpace = "http://www.w3.org/2000/svg";
  const icons = {
    first: "M3 3h2v10H3zM13 3v10L6 8z",
    back: "M11 3v10L4 8z",
    play: "M4 2.5v11l9.5-5.5z",
    pause: "M4 3h3v10H4zM9 3h3v10H9z",
    next: "M5 3v10l7-5z",
    last: "M11 3h2v10h-2zM3 3v10l7-5z",
  };
  const parts = { feed: "fed", forward: "computed", gradient: "gradients", update: "writes", failure: "failed" };
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");

  /* An element; text and attributes are never read as markup. */
  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else if (value !== false && value != null) element.setAttribute(name, value === true ? "" : value);
    }
    element.append(...children.filter((child) => child != null));
    return element;
  }

  function draw(tag, attributes = {}, ...children) {
    const element = document.createElementNS(svgSpace, tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }

  const icon = (name) => draw("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, draw("path", { d: icons[name] }));
  const bytesOf = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const spoken = (step, op) => [op.type === op.name ? op.type : `${op.type} ${op.name}`, step.text, step.time].filter(Boolean).join(", ");

  class Player {
    constructor(host) {
      this.host = host;
      this.film = JSON.parse(host.querySelector('script[type="application/json"]').textContent);
      this.steps = this.film.steps;
      this.at = 0;
      this.timer = null;
      this.build();
      this.show(this.film.start);
    }

    /* ---- parts ---- */
    build() {
      const root = this.host.attachShadow({ mode: "open" });
      const legend = make("span", { class: "legend", "aria-hidden": "true" });
      for (const [part, word] of Object.entries(parts)) {
        const count = this.steps.filter((step) => step.part === part).length;
        if (count) legend.append(make("span", { "data-part": part }, make("i"), `${count} ${word}`));
      }
      this.playButton = this.button("play", "Play", () => this.toggle());
      this.playButton.classList.add("play");
      this.where = make("span", { class: "where" });
      this.speed = make("select", { "aria-label": "Speed" });
      for (const rate of [0.25, 0.5, 1, 2, 4]) this.speed.append(make("option", { value: rate, selected: rate === 1 }, `${rate}×`));
      this.range = make("input", { type: "range", min: 0, max: this.steps.length, step: 1, value: 0, "aria-label": "Step of the run" });
      this.range.addEventListener("input", () => { this.pause(); this.show(Number(this.range.value)); });
      this.stage = make("div", { class: "stage", tabindex: "0", role: "group", "aria-label": "Graph" }, this.graph());
      for (const event of ["scrollend", "wheel", "pointerdown"]) {
        this.stage.addEventListener(event, () => { this.goal = null; }, { passive: true });
      }
      this.detail = make("div", { class: "detail" });
      this.live = make("div", { class: "spoken", role: "status", "aria-live": "polite" });
      this.player = make(
        "div",
        { class: "player", role: "group", tabindex: 0, "aria-label": `Player. ${this.film.caption}` },
        make(
          "div", { class: "bar" },
          this.button("first", "Go to the start", () => this.go(0)),
          this.button("back", "Step back", () => this.go(this.at - 1)),
          this.playButton,
          this.button("next", "Step forward", () => this.go(this.at + 1)),
          this.button("last", "Go to the end", () => this.go(this.steps.length)),
          this.where, this.speed, legend,
        ),
        make("div", { class: "track" }, this.profile(), this.range),
        make("div", { class: "scene" }, this.stage, this.detail),
        this.table(),
        this.live,
      );
      this.player.addEventListener("keydown", (event) => this.key(event));
      root.append(make("style", {}, styles), this.player);
      for (const child of [...this.host.children]) if (child.tagName !== "SCRIPT") child.remove();
      this.theme();
      new ResizeObserver(() => this.fit()).observe(this.stage);
    }

    button(name, label, act) {
      return make("button", { type: "button", "aria-label": label, title: label, onclick: act }, icon(name));
    }

    graph() {
      const image = this.host.querySelector("img");
      if (!image) return make("p", { class: "hint" }, "There is no picture of this run.");
      const source = new TextDecoder().decode(bytesOf(image.getAttribute("src").split(",")[1]));
      const svg = document.importNode(new DOMParser().parseFromString(source, "image/svg+xml").documentElement, true);
      svg.removeAttribute("style");
      this.size = ["width", "height"].map((side) => (parseFloat(svg.getAttribute(side)) * 4) / 3);
      this.nodes = new Map();
      this.edges = [...svg.querySelectorAll("[data-tail]")];
      for (const node of svg.querySelectorAll("[data-node]")) {
        this.nodes.set(Number(node.dataset.node), node);
        node.addEventListener("click", () => this.find(Number(node.dataset.node)));
      }
      this.callout = draw("g", { class: "callout" });
      svg.querySelector("g").append(this.callout);
      this.svg = svg;
      return svg;
    }

    profile() {
      const count = this.steps.length;
      const longest = Math.log1p(Math.max(1, ...this.steps.map((step) => step.us)) * 4);
      const picture = draw("svg", { viewBox: `0 0 ${count + 1} 26`, preserveAspectRatio: "none", "aria-hidden": "true" });
      this.bars = this.steps.map((step, index) => {
        const height = Math.max(2, (Math.log1p(step.us * 4) / longest) * 26);
        const bar = draw("rect", { x: index + 0.6, y: 26 - height, width: 0.8, height, "data-part": step.part });
        picture.append(bar);
        return bar;
      });
      picture.addEventListener("click", (event) => {
        const box = picture.getBoundingClientRect();
        this.go(Math.round(((event.clientX - box.left) / box.width) * (count + 1)));
      });
      return picture;
    }

    table() {
      const table = this.host.querySelector("table");
      table.className = "steps";
      const longest = Math.max(1e-9, ...this.steps.filter((step) => !step.note).map((step) => step.us));
      this.rows = [...table.tBodies[0].rows];
      this.rows.forEach((row, index) => {
        const step = this.steps[index];
        row.dataset.part = step.part;
        if (!step.note) row.cells[4].style.setProperty("--share", `${(100 * step.us) / longest}%`);
        const number = make("button", { type: "button", "aria-label": `Go to step ${step.n}` }, row.cells[0].textContent);
        row.cells[0].replaceChildren(number);
        row.addEventListener("click", () => this.go(index + 1));
      });
      const heads = [...table.tHead.rows[0].cells];
      for (const cell of heads) cell.scope = "col";
      const sort = (head, order) => {
        for (const cell of heads) cell.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", head === heads[0] ? "ascending" : "descending");
        table.tBodies[0].append(...this.rows.map((row, index) => [row, index]).sort(order).map(([row]) => row));
      };
      const sorter = (head, order) => {
        head.replaceChildren(make("button", { type: "button", onclick: () => sort(head, order) }, head.textContent));
      };
      sorter(heads[0], (a, b) => a[1] - b[1]);
      sorter(heads[4], (a, b) => this.steps[b[1]].us - this.steps[a[1]].us || a[1] - b[1]);
      heads[0].setAttribute("aria-sort", "ascending");
      const summary = this.host.querySelector("summary").textContent;
      const more = make("details", {}, make("summary", {}, `All steps and their times: ${summary}, ${this.film.total || "no time"} in operations`));
      more.append(make("div", { class: "scroll" }, table));
      return more;
    }

    /* ---- what happens ---- */
    key(event) {
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      const inside = event.target;
      const act = {
        ArrowRight: () => this.go(this.at + 1),
        ArrowLeft: () => this.go(this.at - 1),
        Home: () => this.go(0),
        End: () => this.go(this.steps.length),
        " ": () => this.toggle(),
      }[event.key];
      // What the page would do with these keys (turn a slide, leave the cell) is not meant while the focus is in here.
      if (act || event.key.startsWith("Arrow") || event.key === "Enter") event.stopPropagation();
      if (!act || inside.matches("select") || (event.key === " " && inside.matches("button, summary"))) return;
      event.preventDefault();
      act();
    }

    go(place) {
      this.pause();
      this.show(place);
    }

    toggle() {
      if (this.timer !== null) return this.pause();
      if (this.at === this.steps.length) this.show(0);
      this.playButton.replaceChildren(icon("pause"));
      this.playButton.setAttribute("aria-label", "Pause");
      this.live.setAttribute("aria-live", "off");
      this.host.dataset.playing = "";
      const tick = () => {
        if (!this.host.isConnected) return this.pause();
        this.show(this.at + 1);
        if (this.at === this.steps.length) return this.pause();
        const pace = Math.min(900, Math.max(140, 40000 / this.steps.length));
        this.timer = setTimeout(tick, pace / Number(this.speed.value));
      };
      this.timer = 0;
      tick();
    }

    pause() {
      if (this.timer === null) return;
      clearTimeout(this.timer);
      this.timer = null;
      this.playButton.replaceChildren(icon("play"));
      this.playButton.setAttribute("aria-label", "Play");
      this.live.setAttribute("aria-live", "polite");
      delete this.host.dataset.playing;
      this.tell();
    }

    find(node) {
      const hits = this.steps.map((step, index) => (this.film.ops[step.op].nodes.includes(node) ? index + 1 : 0)).filter(Boolean);
      if (hits.length) this.go(hits.find((place) => place > this.at) ?? hits[0]);
    }

    show(place) {
      this.at = Math.min(this.steps.length, Math.max(0, place));
      const step = this.steps[this.at - 1];
      this.host.dataset.step = this.at;
      this.range.value = this.at;
      this.where.textContent = step ? `${this.at} of ${this.steps.length}` : `${this.steps.length} steps`;
      this.bars.forEach((bar, index) => (index < this.at ? bar.setAttribute("data-done", "") : bar.removeAttribute("data-done")));
      this.rows.forEach((row, index) => (index + 1 === this.at ? row.setAttribute("aria-current", "step") : row.removeAttribute("aria-current")));
      this.detail.replaceChildren(...(step ? this.describe(step) : this.welcome()));
      this.tell();
      if (this.svg) this.light(step);
    }

    tell() {
      const step = this.steps[this.at - 1];
      const text = step ? `Step ${this.at} of ${this.steps.length}: ${spoken(step, this.film.ops[step.op])}` : this.film.caption;
      this.range.setAttribute("aria-valuetext", text);
      this.live.textContent = text;
    }

    light(step) {
      const before = new Set();
      const all = new Set();
      this.steps.forEach((other, index) => {
        for (const node of this.film.ops[other.op].nodes) {
          all.add(node);
          if (index < this.at) before.add(node);
        }
      });
      const now = new Set(step ? this.film.ops[step.op].nodes : []);
      const states = new Map();
      for (const number of this.nodes.keys()) {
        states.set(number, now.has(number) ? "now" : before.has(number) ? "done" : all.has(number) ? "waiting" : "idle");
      }
      for (const [number, node] of this.nodes) node.dataset.state = step ? states.get(number) : "poster";
      for (const edge of this.edges) {
        const [tail, head] = [Number(edge.dataset.tail), Number(edge.dataset.head)];
        const ready = ["done", "now"].includes(states.get(tail));
        const state = ready && now.has(head) && !now.has(tail) ? "now" : ready && states.get(head) !== "waiting" ? "done" : "waiting";
        edge.dataset.state = step ? state : "poster";
      }
      this.point(step, now);
    }

    /* The value beside the node that made it. */
    point(step, now) {
      this.callout.replaceChildren();
      const node = this.nodes.get([...now][0]);
      if (!step || !node) return;
      const op = this.film.ops[step.op];
      // On a node that stands for more than this operation, the value alone would say something wrong.
      const told = op.own || !step.text ? step.text : `${op.name.split("/").at(-1)}: ${step.text}`;
      const text = told.length > 34 ? `${told.slice(0, 33)}…` : told;
      const box = node.getBBox();
      const whole = this.svg.viewBox.baseVal;
      if (text && box.width) {
        const width = text.length * 7.7 + 14;
        const shift = this.svg.querySelector("g").transform.baseVal.consolidate()?.matrix ?? { e: 0, f: 0 };
        const right = whole.x + whole.width - shift.e - width - 2;
        const left = Math.max(whole.x - shift.e + 2, Math.min(box.x + box.width / 2 - width / 2, right));
        const below = box.y + box.height + 4;
        const top = below + 22 > whole.y + whole.height - shift.f ? box.y - 26 : below;
        this.callout.append(draw("rect", { x: left, y: top, width, height: 21, rx: 6 }));
        this.callout.append(draw("text", { x: left + 7, y: top + 14.5 }, text));
      }
      this.follow(node);
    }

    /* Scrolls the node into view; while the last scroll is still on its way, from where that will end. */
    follow(node) {
      const [inner, outer] = [node.getBoundingClientRect(), this.stage.getBoundingClientRect()];
      if (!outer.width) return;
      const scale = outer.width / this.stage.offsetWidth || 1;
      const now = { left: this.stage.scrollLeft, top: this.stage.scrollTop };
      const from = this.goal ?? now;
      const margin = 40;
      const settle = (side, size, room) => {
        const start = (inner[side] - outer[side]) / scale + now[side];
        const end = start + inner[size] / scale;
        const hidden = start < from[side] + margin || end > from[side] + room - margin;
        return hidden ? Math.max(0, (start + end - room) / 2) : from[side];
      };
      const to = { left: settle("left", "width", this.stage.clientWidth), top: settle("top", "height", this.stage.clientHeight) };
      if (to.left === from.left && to.top === from.top) return;
      this.goal = to;
      this.stage.scrollTo({ ...to, behavior: calm.matches ? "auto" : "smooth" });
    }

    /* ---- words and pictures ---- */
    welcome() {
      const keys = make("p", { class: "hint" });
      keys.append(make("kbd", {}, "space"), " plays, ", make("kbd", {}, "←"), " ", make("kbd", {}, "→"), " step, ", make("kbd", {}, "Home"), " ", make("kbd", {}, "End"), " go to the ends.");
      return [make("h3", {}, this.film.caption), make("p", {}, "Press play to watch each operation light up with its value."), keys];
    }

    describe(step) {
      const op = this.film.ops[step.op];
      const chips = make("p", {}, make("span", { class: "chip", "data-part": step.part }, parts[step.part]));
      for (const [level, iteration] of (step.iterations ?? []).entries()) {
        chips.append(make("span", { class: "chip" }, `${level ? "inner " : ""}iteration ${iteration}`));
      }
      if (step.note) chips.append(make("span", { class: "chip" }, step.note));
      const facts = make("dl");
      const fact = (name, value, kind) => value && facts.append(make("dt", {}, name), make("dd", { class: kind }, value));
      fact("type", op.type);
      fact("time", step.time);
      fact("from", op.from.join(", "), "code");
      fact("made at", op.site, "code");
      return [make("h3", {}, op.name), chips, ...this.values(step), facts];
    }

    values(step) {
      if (!step.out.length) return step.text ? [make("div", { class: "value" }, make("div", { class: "big" }, step.text))] : [];
      return step.out.map((output) => {
        const box = make("div", { class: "value" });
        if (output.rows) {
          const rows = output.rows.map((row) => make("tr", {}, ...row.map((item) => make("td", {}, item))));
          box.append(make("table", { class: "grid" }, make("tbody", {}, ...rows)));
        } else {
          box.append(make("div", { class: "big" }, output.text));
        }
        box.append(make("div", { class: "kind" }, [output.type, output.size].filter(Boolean).join(" · ")));
        const pictures = make("div", { class: "pictures" });
        if (output.picture) pictures.append(this.heat(output.picture));
        if (output.histogram && !output.rows) pictures.append(this.histogram(output));
        if (pictures.children.length) box.append(pictures);
        return box;
      });
    }

    heat(picture) {
      const cells = bytesOf(picture.cells);
      const rows = cells.length / picture.width;
      const canvas = make("canvas", { width: picture.width, height: rows, role: "img", "aria-label": "The array as shades" });
      const size = Math.max(2, Math.min(14, Math.floor(210 / picture.width), Math.floor(150 / rows)));
      canvas.style.width = `${picture.width * size}px`;
      canvas.style.height = `${rows * Math.max(size, rows === 1 ? 14 : 0)}px`;
      const tones = ["cold", "hot", "minus", "zero", "plus", "void"];
      const look = getComputedStyle(this.host);
      const [cold, hot, minus, zero, plus, nothing] = tones.map((name) => colour(look.getPropertyValue(`--${name}`)));
      const context = canvas.getContext("2d");
      const pixels = context.createImageData(picture.width, rows);
      cells.forEach((cell, index) => {
        const share = cell / 254;
        const half = (share - 0.5) * 2;
        const tone = cell === 255 ? nothing : !picture.signed ? mix(cold, hot, share) : half < 0 ? mix(zero, minus, -half) : mix(zero, plus, half);
        pixels.data.set([...tone, 255], index * 4);
      });
      context.putImageData(pixels, 0, 0);
      return make("figure", {}, canvas, picture.slice ? make("figcaption", {}, picture.slice) : null);
    }

    histogram(output) {
      const counts = output.histogram;
      const most = Math.max(...counts);
      const picture = draw("svg", { class: "histogram", viewBox: `0 0 ${counts.length} 40`, preserveAspectRatio: "none", role: "img", "aria-label": `Histogram from ${output.ends[0]} to ${output.ends[1]}` });
      counts.forEach((count, index) => {
        const height = count ? Math.max(1, (count / most) * 40) : 0;
        picture.append(draw("rect", { x: index + 0.08, y: 40 - height, width: 0.84, height }));
      });
      const ends = output.ends.map((end) => make("span", {}, end));
      return make("figure", {}, picture, make("figcaption", {}, ...ends));
    }

    /* ---- size and theme ---- */
    fit() {
      if (!this.svg || !this.stage.clientWidth) return;
      const [width, height] = this.size;
      const tallest = parseFloat(getComputedStyle(this.stage).maxHeight) - 22;
      const fits = Math.min((this.stage.clientWidth - 20) / width, tallest / height);
      const scale = Math.min(1, Math.max(fits, 0.62));
      this.svg.style.width = `${width * scale}px`;
    }

    theme() {
      const look = () => this.host.toggleAttribute("data-dark", isDark(this.host));
      look();
      requestAnimationFrame(look);
      const watcher = new MutationObserver(() => setTimeout(() => { look(); this.show(this.at); }, 60));
      for (const element of [document.documentElement, document.body]) {
        if (element) watcher.observe(element, { attributes: true, attributeFilter: ["class", "style", "data-theme", "data-jp-theme-light", "data-jp-theme-name"] });
      }
    }
  }

  const mix = (a, b, share) => a.map((part, index) => Math.round(part + (b[index] - part) * share));
  const colour = (text) => [1, 3, 5].map((at) => parseInt(text.trim().slice(at, at + 2), 16));

  /* Whether what is painted behind an element is dark. */
  function isDark(element) {
    for (let box = element; box; box = box.parentElement ?? box.getRootNode().host) {
      const parts = getComputedStyle(box).backgroundColor.match(/[\d.]+/g)?.map(Number) ?? [];
      if (parts.length >= 3 && (parts.length === 3 || parts[3] > 0.5)) return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2] < 110;
    }
    const scheme = getComputedStyle(document.documentElement).colorScheme;
    return scheme.includes("dark") && (!scheme.includes("light") || window.matchMedia("(prefers-color-scheme: dark)").matches);
  }

  for (const host of document.querySelectorAll(".graphmagic-trace:not([data-step])")) {
    if (!host.shadowRoot) new Player(host);
  }
})();
