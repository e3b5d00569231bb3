#!/usr/bin/env bash
# Before a swap: stop unless every slot of the app could pull its image, and the slot really does.
# Usage: pipeline.sh <app> [slot]        ACRPULL_FLAGS=--azure for your own subscription
set -euo pipefail
app=$1
slot=${2:-staging}

# Exit code 1 (problems found) or 2 (could not run) ends the pipeline here.
npx acrpull doctor "$app" ${ACRPULL_FLAGS:-} --json > doctor.json || {
  code=$?
  node -e '
    const { sites = [], error } = JSON.parse(require("node:fs").readFileSync("doctor.json", "utf8"));
    if (error) console.error(error.message);
    for (const { name, firstBroken, findings } of sites) {
      if (firstBroken) console.error(`${name}: ${firstBroken}: ${findings[0].says}`);
    }'
  exit "$code"
}
npx acrpull verify "$app" --slot "$slot" --timeout 900 ${ACRPULL_FLAGS:-}
