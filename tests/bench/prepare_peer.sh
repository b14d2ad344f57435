#!/bin/sh
# Puts ONNX Runtime and the models it runs into a cache folder: prepare_peer.sh FOLDER. What is there already stays.
# SPDX-License-Identifier: GPL-3.0-or-later
set -eu
tools=$(cd "$(dirname "$0")/../../tools" && pwd)
"$tools/bootstrap" bench
mkdir -p "$1"
cd "$1"
[ -d node_modules/onnxruntime-node ] || npm install --ignore-scripts --no-audit --no-fund onnxruntime-node
for model in deit_tiny deit_small deit_base; do
    [ -f $model.onnx ] || { "$tools/export_onnx.py" $model $model.part && mv $model.part $model.onnx; }
done
