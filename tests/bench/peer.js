// The benchmark's peer: ONNX Runtime on one model. Each line on stdin is one run; the answer is its time in milliseconds.
// node peer.js NODE_MODULES MODEL.onnx INPUT.f32 THREADS
// SPDX-License-Identifier: GPL-3.0-or-later
const fs = require("fs");
const readline = require("readline");

async function main([modules, model, input, threads]) {
    const ort = require(modules + "/onnxruntime-node");
    const session = await ort.InferenceSession.create(model, {
        graphOptimizationLevel: "all",
        executionMode: "sequential",
        intraOpNumThreads: Number(threads),
        interOpNumThreads: 1,
    });
    const bytes = fs.readFileSync(input);
    const pixels = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
    const image = new ort.Tensor("float32", pixels, [1, 3, 224, 224]);
    console.log("ready");
    for await (const line of readline.createInterface({ input: process.stdin })) {
        const begin = process.hrtime.bigint();
        const outputs = await session.run({ image });
        const ms = Number(process.hrtime.bigint() - begin) / 1e6;
        console.log(line === "logits" ? Array.from(outputs.logits.data).join(" ") : ms);
    }
}

main(process.argv.slice(2));
