#!/usr/bin/env bash
# Swaps a slot into production, and stops before it when a site could not pull its image then.
# Usage: pipeline.sh <group> <app> [slot]        ACRPULL_FLAGS=--azure for your own subscription
set -euo pipefail
group=$1
app=$2
slot=${3:-staging}

# Exit code 1 (problems found) or 2 (could not run) ends the pipeline at any of these.
# shellcheck disable=SC2086 # no flag is no argument
npx acrpull doctor "$app" -g "$group" --swap "$slot" ${ACRPULL_FLAGS:-}
# shellcheck disable=SC2086
npx acrpull verify "$app" -g "$group" --slot "$slot" ${ACRPULL_FLAGS:-}
az webapp deployment slot swap -g "$group" -n "$app" --slot "$slot"
