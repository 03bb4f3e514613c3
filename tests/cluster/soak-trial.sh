#!/usr/bin/env bash
# A trial of the soak: reports every resource up to its target, one each so many seconds as its argument says, writes a checkpoint every 16, and is its own witness (see witness.sh for the lines, and for WITNESS and WITNESS_NODE). It starts no process of its own: five hundred of it share two cores.
set -u
note() { printf '%s %s %s %s %s %s %s %s\n' "$EPOCHREALTIME" "$1" "$ASHA_EXPERIMENT_ID" "$ASHA_TRIAL_ID" "$ASHA_ATTEMPT" "$$" "$WITNESS_NODE" "${2:-}" >> "$WITNESS/log"; }

exec 9> "$WITNESS/$ASHA_EXPERIMENT_ID.trial-$ASHA_TRIAL_ID" 8<> <(:)
flock --nonblock 9 || note beside
note start
trap 'exit 143' TERM
for ((at = ${ASHA_START_RESOURCE%.*} + 1; at <= ${ASHA_TARGET_RESOURCE%.*}; at++)); do
  read -rt "$1" -u 8 # Nobody writes there: it is a sleep without a process.
  checkpoint=
  if ((at % 16 == 0)); then
    echo "$at" > "$ASHA_CHECKPOINT_DIR/at-$at"
    checkpoint=", \"checkpoint\": \"at-$at\""
  fi
  report="{\"resource\": $at, \"metric\": 0.$(((ASHA_TRIAL_ID * 7919 + 13) % 900000 + 100000))$checkpoint}"
  note said "$report"
  printf '@asha %s\n' "$report" || exit 1
done
note end 0
