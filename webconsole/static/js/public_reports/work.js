// Finds the number that proves that a browser has calculated for a while: the SHA-256 of challenge,
// colon and number has to begin with so many zero bits. Runs in a worker of its own, loaded as it is.
(function () {
  "use strict";
  var K = [];
  var START = [];
  function isPrime(number) {
    for (var factor = 2; factor * factor <= number; factor += 1) if (number % factor === 0) return false;
    return true;
  }
  function fraction(value) {
    return ((value - Math.floor(value)) * 4294967296) | 0;
  }
  for (var candidate = 2; K.length < 64; candidate += 1) {
    if (isPrime(candidate)) {
      if (START.length < 8) START.push(fraction(Math.pow(candidate, 1 / 2)));
      K.push(fraction(Math.pow(candidate, 1 / 3)));
    }
  }
  function turn(word, by) {
    return (word >>> by) | (word << (32 - by));
  }
  var w = new Array(64);
  /** Return the state after a block of 64 bytes, given as 16 words. */
  function block(state, words) {
    var a = state[0], b = state[1], c = state[2], d = state[3];
    var e = state[4], f = state[5], g = state[6], h = state[7];
    for (var i = 0; i < 64; i += 1) {
      if (i < 16) w[i] = words[i] | 0;
      else {
        var s0 = turn(w[i - 15], 7) ^ turn(w[i - 15], 18) ^ (w[i - 15] >>> 3);
        var s1 = turn(w[i - 2], 17) ^ turn(w[i - 2], 19) ^ (w[i - 2] >>> 10);
        w[i] = (w[i - 16] + s0 + w[i - 7] + s1) | 0;
      }
      var t1 = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0;
      var t2 = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g; g = f; f = e; e = (d + t1) | 0; d = c; c = b; b = a; a = (t1 + t2) | 0;
    }
    return [state[0] + a, state[1] + b, state[2] + c, state[3] + d, state[4] + e, state[5] + f, state[6] + g, state[7] + h].map(function (word) { return word | 0; });
  }
  /** Return the SHA-256 of a text of ASCII letters as eight words. */
  function sha256(text) {
    var count = ((text.length + 8) >> 6) + 1;
    var words = [];
    for (var i = 0; i < count * 16; i += 1) words.push(0);
    for (i = 0; i < text.length; i += 1) words[i >> 2] |= text.charCodeAt(i) << (24 - (i % 4) * 8);
    words[text.length >> 2] |= 0x80 << (24 - (text.length % 4) * 8);
    words[count * 16 - 1] = text.length * 8;
    var state = START;
    for (i = 0; i < count; i += 1) state = block(state, words.slice(i * 16, i * 16 + 16));
    return state;
  }
  function zeroBits(state) {
    var bits = 0;
    for (var i = 0; i < 8; i += 1) {
      if (state[i] === 0) bits += 32;
      else {
        var word = state[i] >>> 0;
        while (word < 0x80000000) {
          word *= 2;
          bits += 1;
        }
        return bits;
      }
    }
    return bits;
  }
  function solve(challenge) {
    var bits = Number(challenge.split(".")[1]);
    for (var number = 0; ; number += 1) if (zeroBits(sha256(challenge + ":" + number)) >= bits) return String(number);
  }
  self.onmessage = function (event) {
    self.postMessage(solve(event.data));
  };
})();
