/// What a queue says about announcements and recordings that makes no sense together.
struct LineFindings {
    let queue: Queue

    /// All of them are worth knowing only: they harm no call.
    var findings: [RoutingFinding] {
        let about = FindingWriter(queue)
        let isSilent = (queue.announcements ?? .off) == .off
        let isRecorded = (queue.recording ?? .off) != .off
        var found: [RoutingFinding] = []
        if isSilent, queue.announceEverySeconds != nil {
            let message = "The queue \(queue.id) says how often to announce, but announces nothing."
            found.append(about.finding(.announcesNothing, "announceEverySeconds", message))
        }
        if isRecorded, queue.recordingNotice == false {
            let message = "Calls of the queue \(queue.id) are recorded and callers are not told."
            found.append(about.finding(.recordingUntold, "recordingNotice", message))
        } else if isRecorded, isSilent {
            let message = """
                Calls of the queue \(queue.id) are recorded, but without announcements its callers are not told.
                """
            found.append(about.finding(.recordingUntold, "announcements", message))
        }
        if !isRecorded, queue.recordingNotice == true {
            let message = "The queue \(queue.id) tells callers of a recording that is not made."
            found.append(about.finding(.noticeWithoutRecording, "recordingNotice", message))
        }
        return found
    }
}
