#!/bin/bash
# A trial whose metrics follow from its parameter and the resource alone, step by step through what its checkpoints hold. It writes down what it does, a line at a time, each on the disk before it goes on,
# where Asha does not look: time, number of the engine that started it, attempt, and
#   start  START TARGET CHECKPOINT   what it was told, and the resource that is in the checkpoint it was given
#   step   RESOURCE                  trained so far
#   report RESOURCE METRIC CHECKPOINT BYTES   about to be printed, so long
#   sent   RESOURCE                  printed
# It outlives its engine on purpose: a pipe that nobody reads does not end it, it trains on, and stays for ever; somebody has to end it.
trap '' PIPE
log=$CRASH_LOGS/trial-$ASHA_TRIAL_ID.log
tell() { echo "$EPOCHREALTIME $CRASH_ENGINE $ASHA_ATTEMPT $*" >> "$log"; }
note() { tell "$@"; sync "$log"; }

at=0 state=0 orphan=no
if [ -n "$ASHA_RESUME_FROM" ]; then read -r at state < "$ASHA_RESUME_FROM"; fi
note start "$ASHA_START_RESOURCE" "$ASHA_TARGET_RESOURCE" "$at"
for ((at++; at <= ASHA_TARGET_RESOURCE; at++)); do
  # Standard input stays empty as long as the engine lives: waiting for it is a sleep without a process.
  read -rt "$CRASH_PACE"
  if [ $? -le 128 ]; then orphan=yes; sleep .2; fi
  state=$(((state * 1103515245 + ASHA_PARAM_X + at) % 2147483648))
  note step "$at"
  printf -v metric '0.%010d' "$state"
  saved=-
  # On a full disk there is no checkpoint, and the trial goes on without.
  if ((at % 3 == 0 || at == ASHA_TARGET_RESOURCE)) && echo "$at $state" 2> /dev/null > "$ASHA_CHECKPOINT_DIR/at-$at"; then saved=at-$at; fi
  named=null
  if [ $saved != - ]; then named="\"$saved\""; fi
  line="@asha {\"resource\": $at, \"metric\": $metric, \"checkpoint\": $named}"
  note report "$at" "$metric" "$saved" $((${#line} + 1))
  if echo "$line" 2> /dev/null; then tell sent "$at"; fi
done
while [ $orphan = yes ]; do sleep .2; note step "$((at++))"; done
