extension Limits {
    /// A skill's name stands in tables and in file columns; longer ones are sentences.
    package static let skillNameScalarsMax = 48
    /// E.164 allows 15 digits; extensions and carrier prefixes may add as many.
    package static let phoneDigitsMax = 32
    /// Names, titles, departments: what fits a line of a page twice.
    package static let recordLineBytesMax = 512
    /// Notes and descriptions: some pages of text; larger things are attachments.
    package static let recordTextBytesMax = 32_768
    /// Phones or mail addresses of one person.
    package static let addressesPerPersonMax = 20
    /// Skills of one agent or queue: each is checked at each decision's index.
    package static let skillsMax = 64
    /// Numbers that lead to one queue: a block of direct-dial numbers, not a directory.
    package static let queueNumbersMax = 200
    /// Bytes of one field of an imported file: a long note.
    package static let csvFieldBytesMax = 32_768
    /// Fields of one row of an imported file: far beyond any export seen.
    package static let csvFieldsPerRowMax = 256
    /// Bytes of one row: a few long notes.
    package static let csvRowBytesMax = 131_072
    /// Errors listed for one import: nobody reads more before mending the file.
    package static let importErrorsMax = 200
    /// Rows of one file: a firm's whole customer base goes in a few files, each one transaction.
    package static let csvRowsMax = 50_000
}
