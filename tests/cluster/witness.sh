#!/usr/bin/env bash
# Runs a trial's program, and writes down what becomes of it where Asha does not look: witness.sh PROGRAM ARGUMENT…
# In the node's environment: WITNESS, a folder; WITNESS_NODE, the node's name; WITNESS_PAUSE, seconds before each report is handed on (a longer training with idle cores). Lines of WITNESS/log, one write each:
#   SECONDS WORD RUN TRIAL ATTEMPT PID NODE REST
# start: the process is there. beside: while another process of the same trial was. said: a report, about to be handed on. end: the program's exit code. Killed, it writes no end.
set -u
note() { printf '%s %s %s %s %s %s %s %s\n' "$EPOCHREALTIME" "$1" "$ASHA_EXPERIMENT_ID" "$ASHA_TRIAL_ID" "$ASHA_ATTEMPT" "$$" "$WITNESS_NODE" "${2:-}" >> "$WITNESS/log"; }

# Held by this process and all that it starts: who finds it held is not alone.
exec 9> "$WITNESS/$ASHA_EXPERIMENT_ID.trial-$ASHA_TRIAL_ID"
flock --nonblock 9 || note beside
note start
"$@" | while IFS= read -r line; do
  if [[ $line == '@asha '* ]]; then
    sleep "${WITNESS_PAUSE:-0}"
    note said "${line#@asha }"
  fi
  printf '%s\n' "$line" || exit 1 # Nobody listens any more.
done
code=${PIPESTATUS[0]}
note end "$code"
exit "$code"
