// Charts of the last ten minutes in SVG: as many points as samples, so that nothing needs to be thinned out.
const reach = 600000;
const width = 300;
const height = 72;
const svg = 'http://www.w3.org/2000/svg';

export class Chart {
  // figure: where it goes. lines: of a sample its values, one a line. write: a value in words. floor, ceiling: between these the scale ends.
  constructor(figure, { lines, write, floor, ceiling = Infinity }) {
    this.lines = lines;
    this.write = write;
    this.floor = floor;
    this.ceiling = ceiling;
    this.now = figure.querySelector('[data-now]');
    this.name = figure.querySelector('figcaption span').textContent;
    const plot = figure.querySelector('.plot');
    this.svg = make('svg', { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none', role: 'img' });
    this.svg.append(...[0.25, 0.5, 0.75].map(part => make('path', { class: 'grid', d: `M0 ${height * part}H${width}` })));
    this.paths = lines.map((_, index) => make('path', { class: `line line-${index}` }));
    this.svg.append(...this.paths);
    this.top = Object.assign(document.createElement('span'), { className: 'scale' });
    const axis = Object.assign(document.createElement('span'), { className: 'axis' });
    axis.append(...['−10 min', '−5 min', 'now'].map(text => Object.assign(document.createElement('span'), { textContent: text })));
    plot.replaceChildren(this.svg, this.top, axis);
  }

  draw(samples, now, period) {
    const values = samples.flatMap(sample => this.lines.map(line => line(sample)).filter(value => value != null));
    const end = niceAbove(Math.min(this.ceiling, Math.max(this.floor, ...values)));
    this.paths.forEach((path, index) => path.setAttribute('d', trace(samples, this.lines[index], now, end, period)));
    this.top.textContent = this.write(end);
    this.svg.setAttribute('aria-label', this.describe(values));
  }

  describe(values) {
    return values.length === 0
      ? `${this.name}, last ten minutes: nothing`
      : `${this.name}, last ten minutes: from ${this.write(Math.min(...values))} to ${this.write(Math.max(...values))}`;
  }

  say(text) {
    if (this.now.textContent !== text) {
      this.now.textContent = text;
    }
  }
}

function make(name, attributes) {
  const element = document.createElementNS(svg, name);
  Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
  return element;
}

function niceAbove(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 1.5, 2, 3, 4, 5, 6, 8, 10].map(step => step * power).find(step => step >= value * 1.05) ?? value * 1.2;
}

// Where a value is unknown, or samples are missing, the line breaks off.
function trace(samples, valueOf, now, end, period) {
  let path = '';
  let before = 0;
  for (const sample of samples) {
    const value = valueOf(sample);
    if (value != null) {
      const x = ((width * (sample.at - now + reach)) / reach).toFixed(1);
      const y = (height - 2 - ((height - 4) * Math.min(value, end)) / end).toFixed(1);
      path += `${sample.at - before > period * 3 ? 'M' : 'L'}${x} ${y}`;
      before = sample.at;
    } else {
      before = 0;
    }
  }

  return path;
}
