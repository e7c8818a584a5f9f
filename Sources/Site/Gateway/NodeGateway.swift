import ContactCenter
import Kernel
import Logging
import SiteCore
import Store
import WebAPI

/// What the web edge needs of the node: reads go to the store's readers, everything else to the core.
///
/// Split by what is asked: `NodeGateway+Records`, `+Writing`, `+Live`, `+Control`, `+Cluster`, `+Operations`.
final class NodeGateway: SiteGateway {
    let core: CoreHandle
    let reader: SiteReader
    let blobs: BlobStore
    let configuration: SiteConfiguration
    let facts: NodeFacts
    let links: LinkControl
    let backupKeeper: BackupKeeper
    let recordingLibrary: RecordingLibrary
    let logger: Logger

    init(
        core: CoreHandle,
        reader: SiteReader,
        blobs: BlobStore,
        configuration: SiteConfiguration,
        facts: NodeFacts,
        links: LinkControl,
        backupKeeper: BackupKeeper,
        shelf: RecordingShelf,
        logger: Logger
    ) {
        self.logger = logger
        self.backupKeeper = backupKeeper
        recordingLibrary = RecordingLibrary(configuration, shelf: shelf, core: core, reader: reader, logger: logger)
        self.core = core
        self.reader = reader
        self.blobs = blobs
        self.configuration = configuration
        self.facts = facts
        self.links = links
    }

    /// Where each site's pages are.
    var urls: [SiteID: String] {
        var urls = Dictionary(uniqueKeysWithValues: configuration.peers.map { ($0.site, $0.url) })
        urls[configuration.site] = configuration.publicURL
        return urls
    }
}

/// What is fixed once the node has started.
struct NodeFacts: Sendable {
    /// Counts the starts of this site.
    let incarnation: UInt64
    /// When this start was.
    let startedAt: WallTime
    /// The program's version.
    let version: String
}
