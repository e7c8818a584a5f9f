import COpenSSL

/// The list of errors that OpenSSL keeps for each thread.
enum OpenSSLErrors {
    /// Forgets old errors, so that the next ones belong to the next call.
    static func clear() {
        ERR_clear_error()
    }

    /// The number of the oldest error, 0 when there is none, without taking it.
    static var first: UInt {
        ERR_peek_error()
    }

    /// The number of the newest error, 0 when there is none, without taking it.
    static var last: UInt {
        ERR_peek_last_error()
    }

    /// All errors as one text, and forgets them.
    static func take() -> String? {
        var texts: [String] = []
        while true {
            let number = ERR_get_error()
            if number == 0 { break }
            if let reason = ERR_reason_error_string(number) { texts.append(String(cString: reason)) }
        }
        return texts.isEmpty ? nil : texts.joined(separator: "; ")
    }
}
