// Draws the report's charts from the JSON in the page. uPlot lays out axes and lines, and keeps all charts on one time axis; bars and areas of slots are drawn here.
(function () {
  "use strict";
  const data = JSON.parse(document.getElementById("data").textContent);
  const ink = "#223344", faint = "#667788", grid = "#dddddd", family = getComputedStyle(document.body).fontFamily;
  const [unit, unitName] = data.until <= 600 ? [1, "s"] : data.until <= 3 * 3600 ? [60, "min"] : data.until <= 4 * 86400 ? [3600, "h"] : [86400, "d"];
  const until = data.until / unit;
  const charts = [];
  const tip = document.getElementById("tip");

  const number = (value, digits = 4) => Number(value.toPrecision(digits)).toLocaleString("en", { maximumSignificantDigits: digits });
  const time = value => `${number(value / unit, 5)} ${unitName}`;

  function chart(id, height, options) {
    const host = document.getElementById(id);
    const axis = { font: `12px ${family}`, labelFont: `12px ${family}`, stroke: faint, grid: { stroke: grid, width: 1 }, ticks: { stroke: grid, width: 1, size: 4 }, gap: 4 };
    const xAxis = { ...axis, size: 22, values: (u, splits) => splits.map(value => value === splits[splits.length - 1] ? `${number(value)} ${unitName}` : number(value)) };
    const u = new uPlot({
      width: host.clientWidth, height, padding: [6, 30, 0, 0], legend: { show: false },
      scales: { x: { time: false, range: (_, low, high) => [low, high] }, y: options.y },
      axes: [xAxis, { ...axis, size: 56, ...options.axis }],
      series: [{}, ...options.series], bands: options.bands,
      cursor: { y: false, points: { show: false }, drag: { x: true, y: false }, sync: { key: "time", scales: ["x", null] } },
      hooks: { draw: options.draw ? [options.draw] : [] },
    }, options.data, host);
    u.over.addEventListener("mousemove", event => show(event, options.tell(u, event)));
    u.over.addEventListener("mouseleave", () => { tip.hidden = true; });
    charts.push([u, host]);
  }

  function show(event, lines) {
    tip.hidden = !lines || lines.length === 0;
    if (tip.hidden) return;
    tip.replaceChildren(...lines.map(([text, color]) => {
      const line = document.createElement("div");
      if (color) {
        const swatch = document.createElement("i");
        swatch.style.background = color;
        line.append(swatch);
      }
      line.append(text);
      return line;
    }));
    const room = document.documentElement.clientWidth - tip.offsetWidth - 8;
    tip.style.left = `${Math.max(0, Math.min(event.clientX + 14, room))}px`;
    tip.style.top = `${event.clientY + 18 + tip.offsetHeight > window.innerHeight ? event.clientY - tip.offsetHeight - 10 : event.clientY + 18}px`;
  }

  // Between the axes, and nothing beyond them.
  function inside(u, draw) {
    const { ctx, bbox } = u;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    draw(ctx, bbox, value => u.valToPos(value / unit, "x", true));
    ctx.restore();
  }

  function endLine(u, end) {
    inside(u, (ctx, box, at) => {
      ctx.strokeStyle = ink;
      ctx.lineWidth = uPlot.pxRatio;
      ctx.setLineDash([4 * uPlot.pxRatio, 3 * uPlot.pxRatio]);
      ctx.beginPath();
      ctx.moveTo(at(end), box.top);
      ctx.lineTo(at(end), box.top + box.height);
      ctx.stroke();
    });
  }

  function isDark(color) {
    const [red, green, blue] = [1, 3, 5].map(at => parseInt(color.slice(at, at + 2), 16));
    return .299 * red + .587 * green + .114 * blue < 150;
  }

  function hatch(ctx, color) {
    const tile = document.createElement("canvas");
    tile.width = tile.height = 6 * uPlot.pxRatio;
    const pen = tile.getContext("2d");
    pen.strokeStyle = isDark(color) ? "#ffffff" : ink;
    pen.lineWidth = uPlot.pxRatio;
    for (const shift of [-1, 0, 1]) {
      pen.moveTo(shift * tile.width, tile.height);
      pen.lineTo((shift + 1) * tile.width, 0);
    }
    pen.stroke();
    return ctx.createPattern(tile, "repeat");
  }

  // A slot a row: [row, from, to, use] of idle time, and of a job [row, from, to, use, trial, rung, attempt, metric, 1 where it brought no result].
  function rows(id, timeline) {
    const count = timeline.slots.length;
    const byRow = timeline.slots.map(() => []);
    for (const span of timeline.spans) byRow[span[0]].push(span);
    for (const own of byRow) own.sort((one, other) => one[1] - other[1]);
    const step = Math.ceil(count / 12);
    const draw = u => {
      inside(u, (ctx, box, place) => {
        const high = box.height / count, inset = high >= 6 * uPlot.pxRatio ? Math.min(1.5 * uPlot.pxRatio, high * .08) : 0;
        const size = Math.min(11 * uPlot.pxRatio, high * .7);
        ctx.font = `${size}px ${family}`;
        ctx.textAlign = "center";
        ctx.textBaseline = "middle";
        for (const [row, from, to, use, trial, , , , failed] of timeline.spans) {
          const left = place(from), right = place(to), top = box.top + row * high + inset, color = data.uses[use].color;
          if (right < box.left || left > box.left + box.width) continue;
          const width = Math.max(right - left - (trial !== undefined && right - left >= 4 * uPlot.pxRatio ? uPlot.pxRatio : 0), .5);
          ctx.fillStyle = color;
          ctx.fillRect(left, top, width, high - 2 * inset);
          if (failed) {
            ctx.fillStyle = hatch(ctx, color);
            ctx.fillRect(left, top, width, high - 2 * inset);
          }
          const text = String(trial);
          if (trial === undefined || size < 8 * uPlot.pxRatio || ctx.measureText(text).width + 4 * uPlot.pxRatio > width) continue;
          if (failed) {
            ctx.fillStyle = color;
            ctx.fillRect(left + width / 2 - ctx.measureText(text).width / 2 - 2, top, ctx.measureText(text).width + 4, high - 2 * inset);
          }
          ctx.fillStyle = isDark(color) ? "#ffffff" : ink;
          ctx.fillText(text, left + width / 2, top + high / 2 - inset + .5);
        }
      });
      inside(u, nameIdle);
      endLine(u, timeline.end);
    };
    const at = (row, moment) => byRow[row] && byRow[row].find(one => one[1] <= moment && moment < one[2]);
    // Says of each cause in its largest block of slots what it is, where there is room.
    const nameIdle = (ctx, box, place) => data.uses.forEach((use, index) => {
      if (use.rung !== null) return;
      const high = box.height / count, size = 13 * uPlot.pxRatio;
      ctx.font = `${size}px ${family}`;
      const half = ctx.measureText(use.name).width / 2 + 5 * uPlot.pxRatio;
      const blocks = timeline.spans.filter(span => span[3] === index).sort((one, other) => other[2] - other[1] - one[2] + one[1]).slice(0, 40).map(span => {
        const middle = (span[1] + span[2]) / 2, same = row => at(row, middle)?.[3] === index;
        let [first, last] = [span[0], span[0]];
        while (same(first - 1)) first--;
        while (same(last + 1)) last++;
        // The text is as high as one row, or as several.
        const y = (Math.floor((first + last) / 2) + .5) * high, touched = [];
        for (let row = Math.floor((y - size * .6) / high); row <= Math.floor((y + size * .6) / high); row++) touched.push(at(row, middle));
        if (touched.some(own => own?.[3] !== index)) return null;
        const left = place(Math.max(...touched.map(own => own[1]))), right = place(Math.min(...touched.map(own => own[2])));
        return { x: (left + right) / 2, y: box.top + y, width: right - left, size: (last - first + 1) * (right - left) };
      }).filter(block => block && block.width > 2 * half);
      if (blocks.length === 0) return;
      const { x, y } = blocks.reduce((best, block) => block.size > best.size ? block : best);
      ctx.textAlign = "center";
      ctx.textBaseline = "middle";
      ctx.fillStyle = use.color;
      ctx.fillRect(x - half, y - size * .6, 2 * half, size * 1.2);
      ctx.fillStyle = isDark(use.color) ? "#ffffff" : ink;
      ctx.fillText(use.name, x, y);
    });
    const tell = (u, event) => {
      const row = Math.floor(u.posToVal(event.offsetY, "y")), moment = u.posToVal(event.offsetX, "x") * unit;
      const span = at(row, moment);
      if (!span) return [];
      const [, from, to, use, trial, rung, attempt, metric, failed] = span;
      const where = `slot ${timeline.slots[row]}${timeline.nodes.length ? `, ${timeline.nodes[row]}` : ""}`;
      const lines = trial === undefined
        ? [[data.uses[use].name, data.uses[use].color]]
        : [[`trial ${trial}, rung ${rung}${attempt > rung + 1 ? `, attempt ${attempt}` : ""}: ${data.uses[use].name}`, data.uses[use].color],
           [failed ? "brought no result" : metric === null ? `${data.metric}: not finite` : `${data.metric} ${number(metric)}`]];
      return [...lines, [`${where} · ${time(from)} to ${time(to)} (${time(to - from)})`]];
    };
    chart(id, 30 + Math.min(Math.max(16 * count, 130), data.timelines.length > 2 ? 170 : 210), {
      data: [[0, until], [null, null]], series: [{}], draw, tell,
      y: { auto: false, range: [0, count], dir: -1 },
      axis: { label: "slot", labelSize: 16, size: 40, grid: { show: false }, splits: () => timeline.slots.flatMap((_, row) => row % step ? [] : [row + .5]), values: (u, splits) => splits.map(at => timeline.slots[Math.floor(at)]) },
    });
  }

  // Many slots together: an area for each use, stacked; idle time on top.
  function areas(id, timeline) {
    const bins = timeline.bins[0].length, width = data.until / bins;
    const total = timeline.bins[0].map((_, bin) => timeline.bins.reduce((sum, use) => sum + use[bin], 0));
    const most = Math.max(...total);
    const draw = u => {
      inside(u, (ctx, box, at) => {
        const height = slots => Math.round(u.valToPos(slots, "y", true));
        for (let bin = 0; bin < bins; bin++) {
          const left = Math.round(at(bin * width)), right = Math.round(at((bin + 1) * width));
          if (right < box.left || left > box.left + box.width) continue;
          let below = 0;
          timeline.bins.forEach((use, index) => {
            if (use[bin] === 0) return;
            ctx.fillStyle = data.uses[index].color;
            const top = height(below + use[bin]);
            ctx.fillRect(left, top, right - left, height(below) - top);
            below += use[bin];
          });
        }
      });
      endLine(u, timeline.end);
    };
    const tell = (u, event) => {
      const bin = Math.floor(u.posToVal(event.offsetX, "x") * unit / width);
      if (!(total[bin] > 0)) return [];
      const uses = timeline.bins.map((use, index) => [`${number(use[bin], 3)} slots (${(100 * use[bin] / total[bin]).toFixed(1)} %) ${data.uses[index].name}`, data.uses[index].color, use[bin]]);
      return [[`${time(bin * width)} to ${time((bin + 1) * width)}`], ...uses.filter(use => use[2] > 0).reverse()];
    };
    chart(id, 180, { data: [[0, until], [null, null]], series: [{}], draw, tell, y: { auto: false, range: [0, most] }, axis: { label: "slots", labelSize: 16, size: 40 } });
  }

  // A line for each scheduler, with a band from the 10 % to the 90 % quantile of its runs.
  function lines(id, height, key, times, options) {
    const series = [], bands = [], values = [];
    const stepped = options.steps ? { paths: uPlot.paths.stepped({ align: 1 }) } : {};
    for (const line of data.lines) {
      const { low, middle, high } = line[key];
      bands.push({ series: [series.length + 2, series.length + 1], fill: `${line.color}2a` });
      series.push({ ...stepped, stroke: `${line.color}00`, points: { show: false } }, { ...stepped, stroke: `${line.color}00`, points: { show: false } },
        { ...stepped, stroke: line.color, width: 2, dash: data.lines.indexOf(line) % 2 ? [] : [6, 3], points: { show: false } });
      // A band lies between two lines, the upper one first.
      const turned = high.map((value, index) => value !== null && low[index] !== null && value < low[index]);
      values.push(low.map((value, index) => turned[index] ? high[index] : value), high.map((value, index) => turned[index] ? low[index] : value), middle);
    }
    const tell = (u, event) => {
      const index = u.posToIdx(event.offsetX);
      const own = data.lines.flatMap(line => {
        const { low, middle, high } = line[key];
        if (middle[index] === null) return [];
        const band = low[index] !== null && high[index] !== null ? ` (80 % of the seeds: ${number(Math.min(low[index], high[index]), 3)} to ${number(Math.max(low[index], high[index]), 3)})` : "";
        return [[`${line.label}: ${number(middle[index], 3)}${options.unit}${band}`, line.color]];
      });
      return own.length ? [[time(times[index])], ...own] : [];
    };
    chart(id, height, { data: [times.map(at => at / unit), ...values], series, bands, tell, draw: options.draw, y: options.y, axis: options.axis });
  }

  data.timelines.forEach((timeline, index) => (timeline.spans ? rows : areas)(`timeline-${index}`, timeline));
  // The axis goes to the end of the others, and not to the middles of the outermost times only.
  const closed = values => [values[0], ...values, values[values.length - 1]];
  for (const line of data.lines)
    for (const key of ["low", "middle", "high"]) line.utilization[key] = closed(line.utilization[key]);
  lines("utilization", 130, "utilization", [0, ...data.binTimes, data.until], { unit: " %", y: { range: [0, 100] }, axis: { values: (u, splits) => splits.map(value => `${value} %`) } });
  lines("best", 240, "best", data.times, {
    unit: "", steps: true, y: data.log ? { distr: 3, log: 10, range: (u, low, high) => [low / 1.15, high * 1.15] } : {}, axis: {},
    draw: u => data.target === null || inside(u, (ctx, box) => {
      const at = u.valToPos(data.target, "y", true);
      ctx.strokeStyle = faint;
      ctx.setLineDash([2 * uPlot.pxRatio, 3 * uPlot.pxRatio]);
      ctx.strokeRect(box.left - 2, at, box.width + 4, 0);
    }),
  });
  lines("trained", 200, "trained", data.times, { unit: "", steps: true, y: { range: (u, low, high) => [0, Math.max(1, high * 1.08)] }, axis: {} });
  window.addEventListener("resize", () => charts.forEach(([u, host]) => u.setSize({ width: host.clientWidth, height: u.height })));
  document.documentElement.dataset.drawn = String(charts.length);
})();
