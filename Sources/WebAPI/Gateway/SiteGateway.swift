/// All that the routes need of the site they belong to.
///
/// The `Site` module implements it over the store's thread and the core's loop; tests use a fake that refuses
/// illegal calls. Every method may be called from any task at the same time. A method throws `GatewayError` for
/// what a person can understand; anything else becomes a 500 with its text in the log only.
package protocol SiteGateway: RecordReader, RecordWriter, AccountSource, LiveSource, DeskControl, SiteControl,
    ClusterControl, OperationsControl, LostFoundSource, AttachmentKeeper, RecordingKeeper,
    ContactControl
{}
