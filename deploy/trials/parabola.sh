#!/bin/bash
for epoch in $(seq $((ASHA_START_RESOURCE + 1)) "$ASHA_TARGET_RESOURCE"); do
  sleep 0.1                                                                # train one epoch more
  loss=$(awk "BEGIN { print ($ASHA_PARAM_X - 0.3) ^ 2 + 1 / $epoch }")
  echo "$epoch" > "$ASHA_CHECKPOINT_DIR/epoch-$epoch"                      # save, to go on from here
  echo "@asha {\"resource\": $epoch, \"metric\": $loss, \"checkpoint\": \"epoch-$epoch\"}"
done
