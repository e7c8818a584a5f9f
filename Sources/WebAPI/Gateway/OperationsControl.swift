package import Kernel

/// Checks and copies what the site has on disk.
package protocol OperationsControl: Sendable {
    /// What the checks of the disk found since the start.
    func verification() async throws -> VerificationResource
    /// Begins a check of everything now, and tells how things stood then: it is done when `rounds` has grown.
    func startVerification(by actor: Actor) async throws -> VerificationResource
    /// The backups in the site's folder, and the one that is being made.
    func backups() async throws -> BackupListResource
    /// Begins an online backup; nil gives it a name of site and time.
    ///
    /// Throws `.refused` while another one runs or when the name is taken. Names are checked by the routes.
    func startBackup(named name: String?, by actor: Actor) async throws -> BackupRunResource
}
