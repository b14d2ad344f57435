#!/bin/sh
# Makes the models whose window is timed: prepare_models.sh FOVEA FOLDER. What is there already stays.
# SPDX-License-Identifier: GPL-3.0-or-later
set -eu
mkdir -p "$2"
for model in deit_tiny deit_base; do
    [ -f "$2/$model.h5" ] || "$1" init "vit:${model}_patch16_224" -o "$2/$model.h5"
done
