#!/bin/sh
# What acrpull doctor judges of each site, as a script with az would: prints "<site> <first broken link, or ->".
# It reads less: no deny assignments, no status, no explanation. Usage: doctor.sh <group> <app>...
group=$1
shift

judge() {
  az webapp config show -g "$group" -n "$1" ${2:+--slot "$2"} \
    --query '[linuxFxVersion, acrUseManagedIdentityCreds]' -o tsv > "$config"
  { read -r fx; read -r flag; } < "$config"
  image=${fx#DOCKER|}
  case $fx in DOCKER\|*.azurecr.io/*:*) ;; *) echo image; return ;; esac

  registry=$(az acr show -n "${image%%.*}" --query id -o tsv 2> /dev/null) || { echo registry; return; }

  principal=$(az webapp identity show -g "$group" -n "$1" ${2:+--slot "$2"} --query principalId -o tsv)
  [ -n "$principal" ] || { echo identity; return; }

  # Not `az role assignment list`, which dies in Debian's az, and would ask more.
  roles=$(az rest --url "$registry/providers/Microsoft.Authorization/roleAssignments?api-version=2022-04-01&\$filter=assignedTo('$principal')" \
    --query 'value[].properties.roleDefinitionId' -o tsv)
  case $roles in *7f951dda-4ed3-4680-a7ca-43fe172d538d*) ;; *) echo grant; return ;; esac # AcrPull

  if [ "$flag" != true ] && [ "$flag" != True ]; then
    password=$(az webapp config appsettings list -g "$group" -n "$1" ${2:+--slot "$2"} \
      --query "[?name=='DOCKER_REGISTRY_SERVER_PASSWORD'].name" -o tsv)
    [ -n "$password" ] || { echo flag; return; }
  fi

  az acr repository show -n "${image%%.*}" --image "${image#*/}" > /dev/null 2>&1 || { echo manifest; return; }
  echo -
}

config=$(mktemp)
trap 'rm -f "$config"' EXIT
for app; do
  echo "$app $(judge "$app" "")"
  for slot in $(az webapp deployment slot list -g "$group" -n "$app" --query '[].name' -o tsv); do
    echo "$app/$slot $(judge "$app" "$slot")"
  done
done
