# A pretended training, for pictures: learning curves with noise, wide models that take longer, learning rates too high that diverge, and a trial in thirty that crashes.
# An epoch takes PACE seconds for a narrow model, up to five times that for wide ones; 0: no time at all.
exec awk -v start="$ASHA_START_RESOURCE" -v target="$ASHA_TARGET_RESOURCE" -v seed="$ASHA_SEED" -v dir="$ASHA_CHECKPOINT_DIR" -v pace="${PACE:-0}" \
  -v lr="$ASHA_PARAM_LEARNING_RATE" -v decay="$ASHA_PARAM_WEIGHT_DECAY" -v width="$ASHA_PARAM_WIDTH" -v optimizer="$ASHA_PARAM_OPTIMIZER" -v momentum="$ASHA_PARAM_MOMENTUM" -v dropout="$ASHA_PARAM_DROPOUT" '
BEGIN {
  srand(seed % 1000003); floor = 0.04 * rand(); start_loss = 0.75 + 0.2 * rand()
  srand(seed % 999983 + 7 * target); rand()
  rate = log(lr) / log(10)
  ideal = optimizer == "sgd" ? -1 + log(1.01 - momentum) / log(10) / 2 : -2.7
  miss = (rate - ideal) ^ 2
  floor += 0.04 + 0.05 * miss + 0.005 * (log(decay) / log(10) + 4) ^ 2 + 0.3 * (dropout - 0.2) ^ 2 - 0.008 * log(width / 8)
  if (floor < 0.015) floor = 0.015
  if (rand() < 0.035) exit 3
  for (epoch = start + 1; epoch <= target; epoch++) {
    loss = floor + start_loss * epoch ^ -(0.35 + 0.6 / (1 + miss)) + 0.05 * (rand() - 0.5) / sqrt(epoch)
    if (rate > ideal + 1.2 && rand() < 0.3) loss *= 10 ^ (3 * rand())
    if (rate > ideal + 1.9 && rand() < 0.7) loss = "NaN"
    if (epoch == target) { print epoch > (dir "/done"); close(dir "/done") }
    printf "@asha {\"resource\": %d, \"metric\": %s%s}\n", epoch, loss, epoch == target ? ", \"checkpoint\": \"done\"" : ""
    fflush()
    if (pace > 0) system("sleep " pace * (1 + 4 * width / 512) * (0.8 + 0.4 * rand()))
  }
}'
