/// The tables, as a new database gets them.
///
/// Two halves: the ledger is the truth and is only ever migrated; the query tables follow from its documents and
/// are thrown away and rebuilt when their shape changes (`queryTablesVersion`).
enum DatabaseSchema {
    /// Marks the file as ours in SQLite's header: "TNDM".
    static let applicationID: Int32 = 0x544E_444D
    /// The version of the ledger's tables; a migration leads from each version to the next.
    static let version: Int32 = 2
    /// The oldest version from which a migration leads; ops had another form before it, which nobody can read any more.
    static let oldestVersion: Int32 = 2
    /// The version of the query tables and of what is indexed for search; a change means a rebuild, no migration.
    static let queryTablesVersion: Int64 = 3

    /// The ledger.
    ///
    /// Ops lie beside each other by origin and sequence, because they are appended and sent in that order; the last
    /// of each origin make up the version vector. Where a log was trimmed, `base` names the op before its first.
    /// Documents have a row number that query tables and search share; the body comes last, so that hashes are read
    /// without it.
    static let ledger = """
        CREATE TABLE meta(name TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;
        CREATE TABLE counter(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE blob(name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
        CREATE TABLE origin(
            id INTEGER PRIMARY KEY, site TEXT NOT NULL, epoch INTEGER NOT NULL, UNIQUE(site, epoch));
        CREATE TABLE op(
            origin INTEGER NOT NULL, sequence INTEGER NOT NULL, stamp INTEGER NOT NULL, chain BLOB NOT NULL,
            body BLOB NOT NULL, PRIMARY KEY(origin, sequence)) WITHOUT ROWID;
        CREATE TABLE base(origin INTEGER PRIMARY KEY, sequence INTEGER NOT NULL, chain BLOB NOT NULL);
        CREATE TABLE held(
            origin INTEGER NOT NULL, sequence INTEGER NOT NULL, stamp INTEGER NOT NULL, chain BLOB NOT NULL,
            body BLOB NOT NULL, PRIMARY KEY(origin, sequence)) WITHOUT ROWID;
        CREATE TABLE document(
            id INTEGER PRIMARY KEY, type INTEGER NOT NULL, key TEXT NOT NULL, deleted INTEGER NOT NULL,
            bucket INTEGER NOT NULL, hash BLOB NOT NULL, body BLOB NOT NULL, UNIQUE(type, key));
        CREATE INDEX document_deleted ON document(type, key) WHERE deleted = 1;
        CREATE INDEX document_bucket ON document(bucket);
        CREATE TABLE acknowledged(
            peer TEXT NOT NULL, site TEXT NOT NULL, epoch INTEGER NOT NULL, head INTEGER NOT NULL,
            PRIMARY KEY(peer, site, epoch)) WITHOUT ROWID;
        CREATE TABLE conflict(
            id TEXT PRIMARY KEY, type INTEGER NOT NULL, key TEXT NOT NULL, stamp INTEGER NOT NULL,
            body BLOB NOT NULL) WITHOUT ROWID;
        CREATE INDEX conflict_document ON conflict(type, key);
        CREATE INDEX conflict_stamp ON conflict(stamp, id);
        """

    /// The query tables; `id` is the row number of the document everywhere.
    static let queryTables = """
        CREATE TABLE customer(
            id INTEGER PRIMARY KEY, key TEXT NOT NULL, sort_name TEXT NOT NULL, organisation TEXT,
            tier INTEGER NOT NULL, words TEXT NOT NULL);
        CREATE INDEX customer_order ON customer(sort_name, key);
        CREATE INDEX customer_organisation ON customer(organisation) WHERE organisation IS NOT NULL;
        CREATE TABLE customer_phone(
            customer INTEGER NOT NULL, digits TEXT NOT NULL, reversed TEXT NOT NULL,
            PRIMARY KEY(customer, digits)) WITHOUT ROWID;
        CREATE INDEX customer_phone_reversed ON customer_phone(reversed);
        CREATE TABLE customer_phone_key(
            key TEXT NOT NULL, customer INTEGER NOT NULL, PRIMARY KEY(key, customer)) WITHOUT ROWID;
        CREATE INDEX customer_phone_key_customer ON customer_phone_key(customer);
        CREATE TABLE customer_email(
            customer INTEGER NOT NULL, address TEXT NOT NULL, PRIMARY KEY(customer, address)) WITHOUT ROWID;
        CREATE INDEX customer_email_address ON customer_email(address);
        CREATE VIRTUAL TABLE customer_words USING fts5(
            words, content='customer', content_rowid='id', detail='full',
            tokenize = "unicode61 remove_diacritics 0 categories 'L* N* M* Co'");

        CREATE TABLE organisation(id INTEGER PRIMARY KEY, key TEXT NOT NULL, name TEXT NOT NULL, tier INTEGER NOT NULL);
        CREATE INDEX organisation_key ON organisation(key);

        CREATE TABLE ticket(
            id INTEGER PRIMARY KEY, key TEXT NOT NULL, number TEXT, customer TEXT, owner TEXT, state TEXT NOT NULL,
            severity INTEGER NOT NULL, queue TEXT, site TEXT, raised_at INTEGER NOT NULL, due_at INTEGER,
            resolved_at INTEGER, words TEXT NOT NULL);
        CREATE INDEX ticket_order ON ticket(raised_at, key);
        CREATE INDEX ticket_number ON ticket(number) WHERE number IS NOT NULL;
        CREATE INDEX ticket_customer ON ticket(customer, raised_at, key) WHERE customer IS NOT NULL;
        CREATE INDEX ticket_owner ON ticket(owner, raised_at, key) WHERE owner IS NOT NULL;
        CREATE INDEX ticket_state ON ticket(state, raised_at, key);
        CREATE VIRTUAL TABLE ticket_words USING fts5(
            words, content='ticket', content_rowid='id', detail='full',
            tokenize = "unicode61 remove_diacritics 0 categories 'L* N* M* Co'");

        CREATE TABLE agent(
            id INTEGER PRIMARY KEY, key TEXT NOT NULL, name TEXT NOT NULL, site TEXT, active INTEGER NOT NULL);
        CREATE INDEX agent_key ON agent(key);
        CREATE TABLE queue(id INTEGER PRIMARY KEY, key TEXT NOT NULL, name TEXT NOT NULL);
        CREATE INDEX queue_key ON queue(key);
        CREATE TABLE account(id INTEGER PRIMARY KEY, key TEXT NOT NULL, active INTEGER NOT NULL);
        CREATE INDEX account_key ON account(key);
        CREATE TABLE contact(
            id INTEGER PRIMARY KEY, key TEXT NOT NULL, ticket TEXT, customer TEXT, queue TEXT, agent TEXT,
            origin_site TEXT, agent_site TEXT, started_at INTEGER NOT NULL, ended_at INTEGER, outcome TEXT);
        CREATE INDEX contact_unended ON contact(origin_site, started_at) WHERE ended_at IS NULL;
        CREATE INDEX contact_order ON contact(started_at, key);
        CREATE INDEX contact_customer ON contact(customer, started_at, key) WHERE customer IS NOT NULL;
        CREATE INDEX contact_ticket ON contact(ticket, started_at, key) WHERE ticket IS NOT NULL;
        CREATE INDEX contact_agent ON contact(agent, started_at, key) WHERE agent IS NOT NULL;
        CREATE TABLE merge_edge(
            type INTEGER NOT NULL, low TEXT NOT NULL, high TEXT NOT NULL, PRIMARY KEY(type, low, high)) WITHOUT ROWID;
        CREATE INDEX merge_edge_high ON merge_edge(type, high);
        CREATE TABLE merged(id INTEGER PRIMARY KEY, root INTEGER NOT NULL);
        CREATE INDEX merged_root ON merged(root);
        """

    /// Every query table, in the order in which they are dropped.
    static let queryTableNames = [
        "customer_words", "ticket_words", "customer_phone", "customer_phone_key", "customer_email", "customer",
        "organisation", "ticket", "agent", "queue", "account", "contact", "merge_edge", "merged",
    ]
}
