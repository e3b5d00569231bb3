/** To be raised with every change of the schema: a folder that was written under another one is refused. */
export const schemaVersion = 7;

/** What may be done with a repository, a manifest or a tag of a registry. */
const changeableAttributes = `
  delete_enabled INTEGER NOT NULL DEFAULT 1,
  write_enabled  INTEGER NOT NULL DEFAULT 1,
  read_enabled   INTEGER NOT NULL DEFAULT 1,
  list_enabled   INTEGER NOT NULL DEFAULT 1`;

/**
 * The whole state but blobs and logs. One database file, owned by one process.
 *
 * Keys of resources and scopes are lower-case, since Azure compares ids without case; the `id` column keeps
 * the spelling of the first writer. Times are milliseconds since the Unix epoch.
 */
export const schema = `
CREATE TABLE IF NOT EXISTS meta (
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS resources (
  key        TEXT PRIMARY KEY,
  id         TEXT NOT NULL,
  type       TEXT NOT NULL,
  -- Where the resource answers, such as 'hoge.azurecr.io': one name in all of Azure, and absent for most.
  host_name  TEXT UNIQUE,
  body       TEXT NOT NULL,
  etag       TEXT NOT NULL,
  created_on INTEGER NOT NULL,
  changed_on INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS resources_by_type ON resources (type, key);
-- The sites of a plan.
CREATE INDEX IF NOT EXISTS resources_by_server_farm ON resources (lower(body ->> '$.properties.serverFarmId'))
  WHERE body ->> '$.properties.serverFarmId' IS NOT NULL;

-- What roles can be assigned to: service principals, users and groups.
CREATE TABLE IF NOT EXISTS principals (
  id                  TEXT PRIMARY KEY,
  kind                TEXT NOT NULL,
  -- The client id of a service principal.
  app_id              TEXT UNIQUE,
  -- What a user signs in with, lower-case.
  user_principal_name TEXT UNIQUE,
  body                TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS principals_by_kind ON principals (kind, id);

CREATE TABLE IF NOT EXISTS user_passwords (
  user_id    TEXT PRIMARY KEY,
  hash       TEXT NOT NULL,
  changed_on INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS group_members (
  group_id  TEXT NOT NULL,
  member_id TEXT NOT NULL,
  PRIMARY KEY (group_id, member_id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS group_members_by_member ON group_members (member_id);

-- The groups, as a JSON array, that the newest token of a principal was issued with.
CREATE TABLE IF NOT EXISTS token_groups (
  principal_id TEXT PRIMARY KEY,
  group_ids    TEXT NOT NULL,
  decided_on   INTEGER NOT NULL
) WITHOUT ROWID;

-- What service principals are made from; one has the same client id as its application.
CREATE TABLE IF NOT EXISTS applications (
  id           TEXT PRIMARY KEY,
  app_id       TEXT NOT NULL UNIQUE,
  display_name TEXT NOT NULL,
  created_on   INTEGER NOT NULL
) WITHOUT ROWID;

-- Of an application or a service principal, as certificates are.
CREATE TABLE IF NOT EXISTS client_secrets (
  key_id       TEXT PRIMARY KEY,
  owner_id     TEXT NOT NULL,
  hash         TEXT NOT NULL,
  hint         TEXT NOT NULL,
  display_name TEXT,
  starts_on    INTEGER NOT NULL,
  ends_on      INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS client_secrets_by_owner ON client_secrets (owner_id);

CREATE TABLE IF NOT EXISTS client_certificates (
  owner_id     TEXT NOT NULL,
  key_id       TEXT NOT NULL,
  -- DER in base64.
  certificate  TEXT NOT NULL,
  display_name TEXT,
  starts_on    INTEGER NOT NULL,
  ends_on      INTEGER NOT NULL,
  PRIMARY KEY (owner_id, key_id)
) WITHOUT ROWID;

-- Of an application or a managed identity. Names are compared without case, issuers and subjects with it.
CREATE TABLE IF NOT EXISTS federated_credentials (
  owner_id    TEXT NOT NULL,
  name_key    TEXT NOT NULL,
  id          TEXT NOT NULL,
  name        TEXT NOT NULL,
  issuer      TEXT NOT NULL,
  subject     TEXT NOT NULL,
  audiences   TEXT NOT NULL,
  description TEXT,
  PRIMARY KEY (owner_id, name_key)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS signing_keys (
  kid        TEXT PRIMARY KEY,
  purpose    TEXT NOT NULL,
  private_key TEXT NOT NULL,
  created_on INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS role_assignments (
  key                TEXT PRIMARY KEY,
  id                 TEXT NOT NULL,
  -- A GUID, unique in the tenant.
  name               TEXT NOT NULL UNIQUE,
  scope              TEXT NOT NULL,
  principal_id       TEXT NOT NULL,
  principal_type     TEXT NOT NULL,
  role_definition_id TEXT NOT NULL,
  description        TEXT,
  condition          TEXT,
  created_on         INTEGER NOT NULL,
  created_by         TEXT NOT NULL
) WITHOUT ROWID;
-- Covers what a decision reads.
CREATE INDEX IF NOT EXISTS role_assignments_by_principal
  ON role_assignments (principal_id, scope, role_definition_id, condition);
CREATE INDEX IF NOT EXISTS role_assignments_by_scope ON role_assignments (scope);
-- Whoever deletes a resource, the assignments at and below it go along, as in Azure.
CREATE TRIGGER IF NOT EXISTS role_assignments_follow_resource AFTER DELETE ON resources BEGIN
  DELETE FROM role_assignments WHERE scope = OLD.key OR (scope >= OLD.key || '/' AND scope < OLD.key || '0');
END;

-- The custom roles of the tenant.
CREATE TABLE IF NOT EXISTS role_definitions (
  -- A GUID, lower-case.
  name       TEXT PRIMARY KEY,
  -- What people call it, lower-case.
  role_name  TEXT NOT NULL UNIQUE,
  body       TEXT NOT NULL,
  created_on INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  updated_on INTEGER NOT NULL,
  updated_by TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS deny_assignments (
  key        TEXT PRIMARY KEY,
  id         TEXT NOT NULL,
  scope      TEXT NOT NULL,
  body       TEXT NOT NULL,
  created_on INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  updated_on INTEGER NOT NULL,
  updated_by TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS deny_assignments_by_scope ON deny_assignments (scope);
CREATE TRIGGER IF NOT EXISTS deny_assignments_follow_resource AFTER DELETE ON resources BEGIN
  DELETE FROM deny_assignments WHERE scope = OLD.key OR (scope >= OLD.key || '/' AND scope < OLD.key || '0');
END;

-- Where on loopback each registry answers. Goes with it, whoever deletes it.
CREATE TABLE IF NOT EXISTS registry_ports (
  login_server TEXT PRIMARY KEY REFERENCES resources (host_name) ON DELETE CASCADE,
  port         INTEGER NOT NULL
) WITHOUT ROWID;

-- Content goes with its registry, too, and none comes after: \`registry\` is its login server.
-- A repository is there as long as it holds a manifest.
CREATE TABLE IF NOT EXISTS registry_repositories (
  registry   TEXT NOT NULL REFERENCES resources (host_name) ON DELETE CASCADE,
  repository TEXT NOT NULL,
  created_on INTEGER NOT NULL,
  changed_on INTEGER NOT NULL,${changeableAttributes},
  PRIMARY KEY (registry, repository)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS registry_blobs (
  registry   TEXT NOT NULL REFERENCES resources (host_name) ON DELETE CASCADE,
  repository TEXT NOT NULL,
  digest     TEXT NOT NULL,
  size       INTEGER NOT NULL,
  -- When a client was last told that the blob is in the repository.
  told_on    INTEGER NOT NULL,
  PRIMARY KEY (registry, repository, digest)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS registry_blobs_by_digest ON registry_blobs (digest);

CREATE TABLE IF NOT EXISTS registry_manifests (
  registry   TEXT NOT NULL REFERENCES resources (host_name) ON DELETE CASCADE,
  repository TEXT NOT NULL,
  digest     TEXT NOT NULL,
  media_type TEXT NOT NULL,
  subject    TEXT,
  created_on INTEGER NOT NULL,
  changed_on INTEGER NOT NULL,
  -- Bytes of the manifest and of all that it names.
  image_size INTEGER NOT NULL,
  architecture      TEXT,
  os                TEXT,
  config_media_type TEXT,${changeableAttributes},
  -- Last, so that a list of manifests need not read past it.
  body       BLOB NOT NULL,
  PRIMARY KEY (registry, repository, digest)
);
CREATE INDEX IF NOT EXISTS registry_manifests_by_time
  ON registry_manifests (registry, repository, changed_on, digest);
CREATE INDEX IF NOT EXISTS registry_manifests_by_subject
  ON registry_manifests (registry, repository, subject) WHERE subject IS NOT NULL;

-- The blobs that a manifest names: its repository keeps them as long as it has the manifest.
CREATE TABLE IF NOT EXISTS registry_manifest_blobs (
  registry   TEXT NOT NULL,
  repository TEXT NOT NULL,
  blob       TEXT NOT NULL,
  manifest   TEXT NOT NULL,
  PRIMARY KEY (registry, repository, blob, manifest),
  FOREIGN KEY (registry, repository, manifest)
    REFERENCES registry_manifests (registry, repository, digest) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS registry_manifest_blobs_by_manifest
  ON registry_manifest_blobs (registry, repository, manifest);

-- Blobs that nothing may need any more, or not yet: what the garbage collection looks at, and nothing else.
CREATE TABLE IF NOT EXISTS registry_suspects (
  digest TEXT PRIMARY KEY
) WITHOUT ROWID;
CREATE TRIGGER IF NOT EXISTS registry_suspects_lost_a_manifest AFTER DELETE ON registry_manifest_blobs BEGIN
  INSERT OR IGNORE INTO registry_suspects VALUES (OLD.blob);
END;
CREATE TRIGGER IF NOT EXISTS registry_suspects_lost_a_repository AFTER DELETE ON registry_blobs BEGIN
  INSERT OR IGNORE INTO registry_suspects VALUES (OLD.digest);
END;

CREATE TABLE IF NOT EXISTS registry_tags (
  registry   TEXT NOT NULL REFERENCES resources (host_name) ON DELETE CASCADE,
  repository TEXT NOT NULL,
  tag        TEXT NOT NULL,
  digest     TEXT NOT NULL,
  created_on INTEGER NOT NULL,
  changed_on INTEGER NOT NULL,${changeableAttributes},
  PRIMARY KEY (registry, repository, tag)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS registry_tags_by_digest ON registry_tags (registry, repository, digest);
CREATE INDEX IF NOT EXISTS registry_tags_by_time ON registry_tags (registry, repository, changed_on, tag);

-- What a webhook of a registry has sent, and what came back: the last ones of each.
CREATE TABLE IF NOT EXISTS webhook_events (
  number  INTEGER PRIMARY KEY,
  -- The key of its resource.
  webhook TEXT NOT NULL,
  body    TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS webhook_events_by_webhook ON webhook_events (webhook, number);
CREATE TRIGGER IF NOT EXISTS webhook_events_follow_resource AFTER DELETE ON resources BEGIN
  DELETE FROM webhook_events WHERE webhook = OLD.key;
END;
`;
