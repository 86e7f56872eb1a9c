// The articles as points, drawn by WebGL: each is an x and y on the grid, and four bytes for its look.
const [PLAIN, FADED, LIT] = [0, 1, 2];

const VERTEX = `#version 300 es
in vec2 place;
in vec4 look; // hue, whether it is hollow, state
uniform vec4 view; // scale and shift from the grid to the stage
uniform vec2 stage;
uniform float radius, ratio, lit, hollow;
uniform vec3 hues[10];
out vec4 colour;
out float edge, hole;
void main() {
  vec2 at = (place * view.xy + view.zw) / stage * 2.0 - 1.0;
  bool mine = (look.z == 2.0) == (lit == 1.0);
  edge = ratio * (look.z == 2.0 ? radius * 1.15 + 0.7 : radius);
  hole = look.y * hollow > 0.0 ? max(edge - 1.5 * ratio, 0.45 * edge) : 0.0;
  gl_Position = mine ? vec4(at.x, -at.y, 0, 1) : vec4(2, 2, 2, 1);
  gl_PointSize = mine ? 2.0 * edge + 1.0 : 0.0;
  float alpha = look.z == 1.0 ? 0.1 : look.z == 2.0 ? 1.0 : 0.78;
  colour = vec4(hues[int(look.x)], alpha);
}`;

const FRAGMENT = `#version 300 es
precision highp float;
in vec4 colour;
in float edge, hole;
out vec4 drawn;
void main() {
  float from = length(gl_PointCoord - 0.5) * (2.0 * edge + 1.0);
  float covered = clamp(edge - from + 0.5, 0.0, 1.0);
  if (hole > 0.0) covered *= clamp(from - hole + 0.5, 0.12, 1.0);
  float alpha = colour.a * covered;
  drawn = vec4(colour.rgb * alpha, alpha);
}`;

// With so few points all of them are drawn in every frame; of more, as many as the machine manages while things move.
const ALWAYS = 20000;
const LATE = 26; // milliseconds to the next frame, of which there are sixty a second

class Points {
  constructor(canvas, picture) {
    this.canvas = canvas;
    this.picture = picture;
    this.looks = new Uint8Array(4 * picture.n);
    for (let i = 0; i < picture.n; i++) this.looks.set([picture.hue(i), picture.trusts(i) ? 0 : 1, PLAIN, 0], 4 * i);
    this.budget = picture.n;
    this.colours = PALETTES.light;
    canvas.addEventListener("webglcontextlost", (event) => event.preventDefault());
    canvas.addEventListener("webglcontextrestored", () => this.begin());
    this.begin();
  }

  begin() {
    const gl = (this.gl = this.canvas.getContext("webgl2", { antialias: false }));
    if (!gl) return;
    const program = gl.createProgram();
    for (const [kind, source] of [[gl.VERTEX_SHADER, VERTEX], [gl.FRAGMENT_SHADER, FRAGMENT]]) {
      const shader = gl.createShader(kind);
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      gl.attachShader(program, shader);
    }
    gl.linkProgram(program);
    gl.useProgram(program);
    const places = new Uint16Array(2 * this.picture.n);
    for (let i = 0; i < this.picture.n; i++) places.set([this.picture.x[i], this.picture.y[i]], 2 * i);
    this.fill(program, "place", places, 2, gl.UNSIGNED_SHORT);
    this.lookBuffer = this.fill(program, "look", this.looks, 4, gl.UNSIGNED_BYTE);
    const names = ["view", "stage", "radius", "ratio", "lit", "hollow", "hues"];
    this.at = Object.fromEntries(names.map((name) => [name, gl.getUniformLocation(program, name)]));
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    gl.clearColor(0, 0, 0, 0);
  }

  fill(program, name, values, size, type) {
    const { gl } = this;
    const buffer = gl.createBuffer();
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
    gl.bufferData(gl.ARRAY_BUFFER, values, gl.DYNAMIC_DRAW);
    const at = gl.getAttribLocation(program, name);
    gl.enableVertexAttribArray(at);
    gl.vertexAttribPointer(at, size, type, false, 0, 0);
    return buffer;
  }

  // What each point looks like: ``state(row)`` is PLAIN, FADED or LIT.
  paint(state) {
    this.anyLit = false;
    for (let i = 0; i < this.picture.n; i++) {
      this.looks[4 * i + 2] = state(i);
      this.anyLit ||= this.looks[4 * i + 2] === LIT;
    }
    if (!this.gl) return;
    this.gl.bindBuffer(this.gl.ARRAY_BUFFER, this.lookBuffer);
    this.gl.bufferSubData(this.gl.ARRAY_BUFFER, 0, this.looks);
  }

  state(row) {
    return this.looks[4 * row + 2];
  }

  resize(width, height, ratio) {
    this.ratio = ratio;
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
  }

  // Points grow a little as they are zoomed into; where there are many they begin small.
  radius(k) {
    const first = this.picture.n > 50000 ? 1.3 : this.picture.n > 5000 ? 2 : this.picture.n > 500 ? 3.2 : 5.5;
    return Math.min(first * k ** 0.4, Math.max(first, 7));
  }

  draw({ sheet, transform: { k, x, y }, isMoving }, hollow) {
    const { gl } = this;
    if (!gl || gl.isContextLost()) return;
    gl.viewport(0, 0, this.canvas.width, this.canvas.height);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.uniform4f(this.at.view, sheet.scale * k, sheet.scale * k, sheet.left * k + x, sheet.top * k + y);
    gl.uniform2f(this.at.stage, sheet.width, sheet.height);
    gl.uniform1f(this.at.radius, this.radius(k));
    gl.uniform1f(this.at.ratio, this.ratio);
    gl.uniform1f(this.at.hollow, hollow ? 1 : 0);
    gl.uniform3fv(this.at.hues, this.colours.flatMap(rgb));
    const count = isMoving ? this.paced() : this.picture.n;
    for (const pass of this.anyLit ? [0, 1] : [0]) {
      gl.uniform1f(this.at.lit, pass);
      gl.drawArrays(gl.POINTS, 0, pass ? this.picture.n : count);
    }
  }

  // How many to draw in a frame of a movement: fewer when the next frame was late. Rows are in random order, so any
  // number of the first is a fair sample.
  paced() {
    const now = performance.now();
    requestAnimationFrame(() => {
      const factor = performance.now() - now > LATE ? 0.8 : 1.1;
      this.budget = Math.max(Math.min(ALWAYS, this.picture.n), Math.min(this.picture.n, this.budget * factor));
    });
    return Math.round(this.budget);
  }
}

function rgb(hex) {
  return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255);
}
