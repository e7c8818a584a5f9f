import Kernel
import SiteCore
import Store
import WebAPI

extension GatewayError {
    /// What the core refused, in the form of the API.
    init(_ refusal: SiteCore.Refusal) {
        let code: Code =
            switch refusal.code {
            case .notFound: .notFound
            case .conflict, .notSignedIn: .refused
            case .invalid: .invalid
            case .unavailable: .unavailable
            }
        self.init(code, refusal.message)
    }

    /// What the store refused, in the form of the API.
    init(_ failure: StoreFailure) {
        switch failure.code {
        case .diskFull: self.init(.storageFull, failure.message)
        case .badCursor: self.init(.invalid, failure.message)
        case .overloaded: self.init(.overloaded, failure.message)
        default: self.init(.unavailable, failure.message)
        }
    }
}

/// Runs a read of the store and words its failure for the API.
func storeReading<Result>(_ body: () async throws -> Result) async throws -> Result {
    do {
        return try await body()
    } catch let failure as StoreFailure {
        throw GatewayError(failure)
    }
}
