#!/usr/bin/env bash
# A trial of the soak: reports every resource up to its target, one each so many seconds as its argument says, writes a checkpoint every 16, and is its own witness (see witness.sh for the lines, and for WITNESS and WITNESS_NODE). It starts no process of its own: five hundred of it share two cores.
set -u
note() { printf '%s %s %s %s %s %s %s %s\n' "$EPOCHREALTIME" "$1" "$ASHA_EXPERIMENT_ID" "$ASHA_TRIAL_ID" "$ASHA_ATTEMPT" "$$" "$WITNESS_NODE" "${2:-}" >> "$WITNESS/log"; }

# When a process began, in ticks; a number is given to another process later, that moment is not. Nothing where it is over.
began() {
  local text=
  { IFS= read -r text < "/proc/$1/stat"; } 2> /dev/null
  set -- ${text##*)}
  [[ ${1:-Z} == Z ]] || printf -v moment '%s' "${20}"
}

# Written before the others are read: of two at a time the later one finds the earlier.
mine="$WITNESS/$ASHA_EXPERIMENT_ID.trial-$ASHA_TRIAL_ID"
began $$
self="$$ $moment"
echo "$self" >> "$mine"
while read -r pid at; do
  [[ "$pid $at" != "$self" ]] || break
  moment=
  began "$pid"
  [[ $moment != "$at" ]] || note beside
done < "$mine"
note start
trap 'exit 143' TERM
exec 8<> "$WITNESS/never"
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
