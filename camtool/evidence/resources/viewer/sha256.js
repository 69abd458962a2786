// SHA-256 (FIPS 180-4), fed piece by piece: WebCrypto's digest wants a whole file in memory, and clips have gigabytes.
// The function stands alone, because its text is also the worker's program.
function newHasher() {
  const PRIMES = [];
  for (let n = 2; PRIMES.length < 64; n += 1) {
    if (PRIMES.every((prime) => n % prime)) PRIMES.push(n);
  }
  // The first 32 bits of the fractional parts of roots (FIPS 180-4, 4.2.2 and 5.3.3), in exact arithmetic:
  // the largest x with x^power <= prime * 2^(32 * power).
  function fraction(prime, power) {
    const wanted = BigInt(prime) << BigInt(32 * power);
    let low = 0n;
    let high = BigInt(prime) << 32n;
    while (low < high) {
      const middle = (low + high + 1n) >> 1n;
      if (middle ** BigInt(power) <= wanted) low = middle;
      else high = middle - 1n;
    }
    return Number(BigInt.asIntN(32, low));
  }
  const K = Int32Array.from(PRIMES, (prime) => fraction(prime, 3));
  const state = Int32Array.from(PRIMES.slice(0, 8), (prime) => fraction(prime, 2));
  const words = new Int32Array(64);
  const rest = new Uint8Array(64);
  let restBytes = 0;
  let totalBytes = 0;

  // Two passes a block: the schedule, then eight rounds at a time, in which every variable keeps its place (a swap of
  // eight variables each round costs a third of the speed).
  function blocks(data, from, to) {
    const w = words, k = K;
    let [h0, h1, h2, h3, h4, h5, h6, h7] = state;
    for (let at = from; at < to; at += 64) {
      for (let i = 0, j = at; i < 16; i += 1, j += 4) {
        w[i] = (data[j] << 24) | (data[j + 1] << 16) | (data[j + 2] << 8) | data[j + 3];
      }
      for (let i = 16; i < 64; i += 1) {
        const x = w[i - 15] | 0, y = w[i - 2] | 0;
        w[i] = (w[i - 16] + (((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3)) + w[i - 7]
          + (((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10))) | 0;
      }
      let a = h0, b = h1, c = h2, d = h3, e = h4, f = h5, g = h6, h = h7;
      for (let i = 0; i < 64; i += 8) {
        h = (h + (((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7)))
          + (g ^ (e & (f ^ g))) + k[i] + w[i]) | 0;
        d = (d + h) | 0;
        h = (h + (((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10)))
          + ((a & b) | (c & (a | b)))) | 0;
        g = (g + (((d >>> 6) | (d << 26)) ^ ((d >>> 11) | (d << 21)) ^ ((d >>> 25) | (d << 7)))
          + (f ^ (d & (e ^ f))) + k[i + 1] + w[i + 1]) | 0;
        c = (c + g) | 0;
        g = (g + (((h >>> 2) | (h << 30)) ^ ((h >>> 13) | (h << 19)) ^ ((h >>> 22) | (h << 10)))
          + ((h & a) | (b & (h | a)))) | 0;
        f = (f + (((c >>> 6) | (c << 26)) ^ ((c >>> 11) | (c << 21)) ^ ((c >>> 25) | (c << 7)))
          + (e ^ (c & (d ^ e))) + k[i + 2] + w[i + 2]) | 0;
        b = (b + f) | 0;
        f = (f + (((g >>> 2) | (g << 30)) ^ ((g >>> 13) | (g << 19)) ^ ((g >>> 22) | (g << 10)))
          + ((g & h) | (a & (g | h)))) | 0;
        e = (e + (((b >>> 6) | (b << 26)) ^ ((b >>> 11) | (b << 21)) ^ ((b >>> 25) | (b << 7)))
          + (d ^ (b & (c ^ d))) + k[i + 3] + w[i + 3]) | 0;
        a = (a + e) | 0;
        e = (e + (((f >>> 2) | (f << 30)) ^ ((f >>> 13) | (f << 19)) ^ ((f >>> 22) | (f << 10)))
          + ((f & g) | (h & (f | g)))) | 0;
        d = (d + (((a >>> 6) | (a << 26)) ^ ((a >>> 11) | (a << 21)) ^ ((a >>> 25) | (a << 7)))
          + (c ^ (a & (b ^ c))) + k[i + 4] + w[i + 4]) | 0;
        h = (h + d) | 0;
        d = (d + (((e >>> 2) | (e << 30)) ^ ((e >>> 13) | (e << 19)) ^ ((e >>> 22) | (e << 10)))
          + ((e & f) | (g & (e | f)))) | 0;
        c = (c + (((h >>> 6) | (h << 26)) ^ ((h >>> 11) | (h << 21)) ^ ((h >>> 25) | (h << 7)))
          + (b ^ (h & (a ^ b))) + k[i + 5] + w[i + 5]) | 0;
        g = (g + c) | 0;
        c = (c + (((d >>> 2) | (d << 30)) ^ ((d >>> 13) | (d << 19)) ^ ((d >>> 22) | (d << 10)))
          + ((d & e) | (f & (d | e)))) | 0;
        b = (b + (((g >>> 6) | (g << 26)) ^ ((g >>> 11) | (g << 21)) ^ ((g >>> 25) | (g << 7)))
          + (a ^ (g & (h ^ a))) + k[i + 6] + w[i + 6]) | 0;
        f = (f + b) | 0;
        b = (b + (((c >>> 2) | (c << 30)) ^ ((c >>> 13) | (c << 19)) ^ ((c >>> 22) | (c << 10)))
          + ((c & d) | (e & (c | d)))) | 0;
        a = (a + (((f >>> 6) | (f << 26)) ^ ((f >>> 11) | (f << 21)) ^ ((f >>> 25) | (f << 7)))
          + (h ^ (f & (g ^ h))) + k[i + 7] + w[i + 7]) | 0;
        e = (e + a) | 0;
        a = (a + (((b >>> 2) | (b << 30)) ^ ((b >>> 13) | (b << 19)) ^ ((b >>> 22) | (b << 10)))
          + ((b & c) | (d & (b | c)))) | 0;
      }
      h0 = (h0 + a) | 0; h1 = (h1 + b) | 0; h2 = (h2 + c) | 0; h3 = (h3 + d) | 0;
      h4 = (h4 + e) | 0; h5 = (h5 + f) | 0; h6 = (h6 + g) | 0; h7 = (h7 + h) | 0;
    }
    state.set([h0, h1, h2, h3, h4, h5, h6, h7]);
  }

  return {
    add(data) {
      totalBytes += data.length;
      let at = 0;
      if (restBytes) {
        at = Math.min(64 - restBytes, data.length);
        rest.set(data.subarray(0, at), restBytes);
        restBytes += at;
        if (restBytes < 64) return;
        blocks(rest, 0, 64);
        restBytes = 0;
      }
      const end = data.length - ((data.length - at) % 64);
      blocks(data, at, end);
      rest.set(data.subarray(end));
      restBytes = data.length - end;
    },
    hex() {
      const tail = new Uint8Array(restBytes < 56 ? 64 : 128);
      tail.set(rest.subarray(0, restBytes));
      tail[restBytes] = 0x80;
      new DataView(tail.buffer).setBigUint64(tail.length - 8, BigInt(totalBytes) * 8n);
      blocks(tail, 0, tail.length);
      return Array.from(state, (word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
    },
  };
}

// Hash one file: by the browser's own SHA-256 where it fits, else in pieces of 4 MiB, so that memory stays small.
async function hashFile(file, told) {
  const WHOLE_BYTES = 32 << 20;
  if (file.size <= WHOLE_BYTES && self.crypto && self.crypto.subtle) {
    const digest = await self.crypto.subtle.digest("SHA-256", await file.arrayBuffer());
    told(file.size);
    return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
  }
  const PIECE_BYTES = 4 << 20;
  const hasher = newHasher();
  for (let at = 0; at < file.size; at += PIECE_BYTES) {
    const piece = new Uint8Array(await file.slice(at, at + PIECE_BYTES).arrayBuffer());
    hasher.add(piece);
    if (told(piece.length) === false) return null;
  }
  return hasher.hex();
}

function workerMain() {
  self.onmessage = async ({ data: file }) => {
    try {
      const sha256 = await hashFile(file, (bytes) => self.postMessage({ bytes }));
      self.postMessage({ sha256 });
    } catch (error) {
      self.postMessage({ failed: String(error) });
    }
  };
}

// One worker, one file at a time: two readers make an old disk slower, not faster. A page from disk may load no worker
// from a file, so it is made of the functions' own text. Where there is no worker, the page hashes by itself.
function startHashing() {
  let worker = null;
  let waiting = null;
  try {
    const program = [newHasher, hashFile].map(String).join("\n") + `\n(${workerMain})();`;
    const url = URL.createObjectURL(new Blob([program], { type: "text/javascript" }));
    worker = new Worker(url);
    URL.revokeObjectURL(url);
  } catch {
    worker = null;
  }
  let stopped = false;
  return {
    hash(file, told) {
      if (stopped) return Promise.resolve(null);
      if (!worker) return hashFile(file, (bytes) => { told(bytes); return !stopped; });
      return new Promise((resolve, reject) => {
        waiting = resolve;
        worker.onerror = (event) => { event.preventDefault(); reject(new Error(event.message || "worker")); };
        worker.onmessage = ({ data }) => {
          if (data.bytes) told(data.bytes);
          else if (data.failed) reject(new Error(data.failed));
          else resolve(data.sha256);
        };
        worker.postMessage(file);
      });
    },
    stop() {
      stopped = true;
      if (worker) worker.terminate();
      if (waiting) waiting(null);
    },
  };
}

function sha256OfBytes(bytes) {
  const hasher = newHasher();
  hasher.add(bytes);
  return hasher.hex();
}

// The published examples (FIPS 180-4's companion, and the empty text): a browser that fails them checks nothing here.
function hashingWorks() {
  const known = {
    "": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    abc: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq:
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
  };
  return Object.entries(known).every(([text, hex]) => sha256OfBytes(new TextEncoder().encode(text)) === hex);
}
