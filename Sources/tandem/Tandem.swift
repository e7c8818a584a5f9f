@main struct Tandem { static func main() {} }
