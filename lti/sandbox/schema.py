"""The tables of the sandbox's own file. Columns that hold JSON say so."""

from typing import Final

SCHEMA: Final = """
CREATE TABLE platform_key (
    id INTEGER PRIMARY KEY,
    kid TEXT NOT NULL UNIQUE,
    private_pem TEXT NOT NULL,
    published INTEGER NOT NULL DEFAULT 1 CHECK (published IN (0, 1))
);
CREATE TABLE tool (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    client_id TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL CHECK (state IN ('pending', 'active')),
    start_url TEXT NOT NULL,
    configuration_json TEXT NOT NULL
);
CREATE TABLE deployment (
    tool_id INTEGER NOT NULL,
    id TEXT NOT NULL,
    PRIMARY KEY (tool_id, id)
);
CREATE TABLE registration_token (
    digest TEXT PRIMARY KEY,
    start_url TEXT NOT NULL,
    tool_id INTEGER REFERENCES tool (id) ON DELETE CASCADE,
    expires_at INTEGER NOT NULL,
    used_at INTEGER
);
CREATE TABLE notice_handler (
    tool_id INTEGER NOT NULL,
    deployment_id TEXT NOT NULL,
    notice_type TEXT NOT NULL,
    handler TEXT NOT NULL,
    PRIMARY KEY (tool_id, deployment_id, notice_type)
);
CREATE TABLE notice (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    tool_id INTEGER NOT NULL,
    notice_type TEXT NOT NULL,
    handler TEXT NOT NULL,
    status INTEGER,
    token TEXT NOT NULL
);
CREATE TABLE person (
    sub TEXT PRIMARY KEY,
    given_name TEXT NOT NULL,
    family_name TEXT NOT NULL,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    locale TEXT NOT NULL,
    described TEXT NOT NULL,
    administrator INTEGER NOT NULL DEFAULT 0 CHECK (administrator IN (0, 1)),
    privacy TEXT NOT NULL DEFAULT 'all' CHECK (privacy IN ('all', 'name', 'email', 'nothing')),
    test_user INTEGER NOT NULL DEFAULT 0 CHECK (test_user IN (0, 1)),
    timezone TEXT NOT NULL DEFAULT '',
    mentees_json TEXT NOT NULL DEFAULT '[]'
);
CREATE TABLE course (
    id TEXT PRIMARY KEY,
    label TEXT NOT NULL,
    title TEXT NOT NULL,
    history_json TEXT NOT NULL DEFAULT '[]',
    begins_at TEXT,
    ends_at TEXT
);
CREATE TABLE enrolment (
    course_id TEXT NOT NULL REFERENCES course (id),
    sub TEXT NOT NULL REFERENCES person (sub),
    role TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'Active' CHECK (status IN ('Active', 'Inactive', 'Deleted')),
    revision INTEGER NOT NULL,
    PRIMARY KEY (course_id, sub)
);
CREATE TABLE link (
    id TEXT PRIMARY KEY,
    course_id TEXT NOT NULL REFERENCES course (id),
    title TEXT NOT NULL,
    description TEXT NOT NULL,
    custom TEXT NOT NULL,
    login_method TEXT NOT NULL DEFAULT 'POST' CHECK (login_method IN ('GET', 'POST')),
    tool_id INTEGER NOT NULL DEFAULT 0,
    url TEXT,
    document_target TEXT NOT NULL DEFAULT '' CHECK (document_target IN ('', 'iframe', 'window')),
    kind TEXT NOT NULL DEFAULT 'ltiResourceLink',
    dates_json TEXT NOT NULL DEFAULT '{}',
    history_json TEXT NOT NULL DEFAULT '[]'
);
CREATE TABLE opening (
    hint TEXT PRIMARY KEY,
    sub TEXT NOT NULL REFERENCES person (sub),
    tool_id INTEGER NOT NULL,
    course_id TEXT NOT NULL REFERENCES course (id),
    link_id TEXT REFERENCES link (id),
    message TEXT NOT NULL,
    document_target TEXT NOT NULL CHECK (document_target IN ('iframe', 'window')),
    details_json TEXT NOT NULL DEFAULT '{}',
    expires_at INTEGER NOT NULL,
    used_at INTEGER
);
CREATE TABLE choosing (
    key TEXT PRIMARY KEY,
    tool_id INTEGER NOT NULL,
    course_id TEXT NOT NULL REFERENCES course (id),
    settings_json TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER
);
CREATE TABLE nonce (
    client_id TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (client_id, value)
);
CREATE TABLE assertion (
    client_id TEXT NOT NULL,
    jti TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (client_id, jti)
);
CREATE TABLE access_token (
    digest TEXT PRIMARY KEY,
    tool_id INTEGER NOT NULL DEFAULT 0,
    scopes TEXT NOT NULL,
    expires_at INTEGER NOT NULL
);
CREATE TABLE line_item (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    course_id TEXT NOT NULL REFERENCES course (id),
    tool_id INTEGER NOT NULL DEFAULT 0,
    link_id TEXT REFERENCES link (id),
    label TEXT NOT NULL CHECK (label <> ''),
    score_maximum REAL NOT NULL CHECK (score_maximum > 0),
    resource_id TEXT,
    tag TEXT,
    starts_at TEXT,
    ends_at TEXT,
    review_json TEXT
);
CREATE TABLE score (
    line_item_id INTEGER NOT NULL REFERENCES line_item (id) ON DELETE CASCADE,
    sub TEXT NOT NULL REFERENCES person (sub),
    score_given REAL,
    score_maximum REAL,
    comment TEXT,
    activity_progress TEXT NOT NULL,
    grading_progress TEXT NOT NULL,
    sent_at TEXT NOT NULL,
    sent_second INTEGER NOT NULL,
    received_at TEXT NOT NULL,
    submitted_at TEXT,
    PRIMARY KEY (line_item_id, sub)
);
CREATE TABLE service_call (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    service TEXT NOT NULL,
    method TEXT NOT NULL,
    path TEXT NOT NULL,
    status INTEGER NOT NULL,
    answered INTEGER NOT NULL,
    body TEXT NOT NULL
);
"""
