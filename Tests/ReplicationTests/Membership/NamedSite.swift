import Kernel

/// A site of a name that is known to be good.
func namedSite(_ name: String) -> SiteID {
    guard let site = SiteID(name) else { preconditionFailure("bad name of a site in a test: \(name)") }
    return site
}
