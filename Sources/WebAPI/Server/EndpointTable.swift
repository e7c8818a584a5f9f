import HTTPTypes
import Kernel

/// Every endpoint with who may use it: the one place to look when asking who can do what.
///
/// A test holds this table against the routes that are served and against docs/openapi.yaml.
extension Endpoint {
    // The session.
    static let signIn = Endpoint(.post, "/api/v1/session", .open)
    static let session = Endpoint(.get, "/api/v1/session", .staff)

    // Live.
    static let wall = Endpoint(.get, "/api/v1/wall", .staff)
    static let events = Endpoint(.get, "/api/v1/events", .staff)

    // The desk.
    static let desk = Endpoint(.get, "/api/v1/desk", .desk)
    static let deskSignIn = Endpoint(.post, "/api/v1/desk/sign-in", .desk)
    static let deskSignOut = Endpoint(.post, "/api/v1/desk/sign-out", .desk)
    static let deskState = Endpoint(.post, "/api/v1/desk/state", .desk)
    static let deskWrapUp = Endpoint(.post, "/api/v1/desk/wrap-up", .desk)
    static let deskHangUp = Endpoint(.post, "/api/v1/desk/hang-up", .desk)
    static let deskLinkCustomer = Endpoint(.post, "/api/v1/desk/link-customer", .desk)
    static let deskAccept = Endpoint(.post, "/api/v1/desk/contacts/{id}/accept", .desk)
    static let deskDecline = Endpoint(.post, "/api/v1/desk/contacts/{id}/decline", .desk)
    static let deskFinish = Endpoint(.post, "/api/v1/desk/contacts/{id}/finish", .desk)
    static let deskContactWrapUp = Endpoint(.post, "/api/v1/desk/contacts/{id}/wrap-up", .desk)

    // Calls at the desk.
    static let deskTargets = Endpoint(.get, "/api/v1/desk/targets", .desk)
    static let deskDial = Endpoint(.post, "/api/v1/desk/calls", .desk)
    static let deskHold = Endpoint(.post, "/api/v1/desk/contacts/{id}/hold", .desk)
    static let deskResume = Endpoint(.post, "/api/v1/desk/contacts/{id}/resume", .desk)
    static let deskTransfer = Endpoint(.post, "/api/v1/desk/contacts/{id}/transfer", .desk)
    static let deskConsult = Endpoint(.post, "/api/v1/desk/contacts/{id}/consult", .desk)
    static let deskSwap = Endpoint(.post, "/api/v1/desk/contacts/{id}/swap", .desk)
    static let deskCompleteTransfer = Endpoint(.post, "/api/v1/desk/contacts/{id}/complete-transfer", .desk)
    static let deskEndConsult = Endpoint(.post, "/api/v1/desk/contacts/{id}/end-consult", .desk)
    static let deskConference = Endpoint(.post, "/api/v1/desk/contacts/{id}/conference", .desk)
    static let deskDigits = Endpoint(.post, "/api/v1/desk/contacts/{id}/digits", .desk)
    static let deskRecording = Endpoint(.post, "/api/v1/desk/contacts/{id}/recording", .desk)
    static let supervise = Endpoint(.post, "/api/v1/desk/supervision", .supervisorsDesk)
    static let stopSupervising = Endpoint(.post, "/api/v1/desk/supervision/leave", .desk)

    // Customers.
    static let customers = Endpoint(.get, "/api/v1/customers", .staff)
    static let customer = Endpoint(.get, "/api/v1/customers/{id}", .staff)
    static let createCustomer = Endpoint(.post, "/api/v1/customers", .staff)
    static let changeCustomer = Endpoint(.patch, "/api/v1/customers/{id}", .staff)
    static let noteCustomer = Endpoint(.post, "/api/v1/customers/{id}/notes", .staff)
    static let importCustomers = Endpoint(
        .post,
        "/api/v1/customers/import",
        .supervision,
        bodyBytesMax: Limits.importBodyBytesMax
    )
    static let mergeCustomer = Endpoint(.post, "/api/v1/customers/{id}/merge", .supervision)
    static let unmergeCustomer = Endpoint(.post, "/api/v1/customers/{id}/unmerge", .supervision)

    // Tickets.
    static let tickets = Endpoint(.get, "/api/v1/tickets", .staff)
    static let ticket = Endpoint(.get, "/api/v1/tickets/{id}", .staff)
    static let createTicket = Endpoint(.post, "/api/v1/tickets", .staff)
    static let changeTicket = Endpoint(.patch, "/api/v1/tickets/{id}", .staff)
    static let noteTicket = Endpoint(.post, "/api/v1/tickets/{id}/notes", .staff)
    static let attachToTicket = Endpoint(
        .post,
        "/api/v1/tickets/{id}/attachments",
        .staff,
        bodyBytesMax: Limits.attachmentBytesMax
    )
    static let ticketAttachment = Endpoint(.get, "/api/v1/tickets/{id}/attachments/{blob}", .staff)
    static let mergeTicket = Endpoint(.post, "/api/v1/tickets/{id}/merge", .staff)
    static let unmergeTicket = Endpoint(.post, "/api/v1/tickets/{id}/unmerge", .staff)

    // People, queues, contacts.
    static let agents = Endpoint(.get, "/api/v1/agents", .staff)
    static let agent = Endpoint(.get, "/api/v1/agents/{id}", .staff)
    static let putAgent = Endpoint(.put, "/api/v1/agents/{id}", .administration)
    static let queues = Endpoint(.get, "/api/v1/queues", .staff)
    static let queue = Endpoint(.get, "/api/v1/queues/{id}", .staff)
    static let putQueue = Endpoint(.put, "/api/v1/queues/{id}", .supervision)
    static let changeQueue = Endpoint(.patch, "/api/v1/queues/{id}", .supervision)
    static let calendars = Endpoint(.get, "/api/v1/calendars", .staff)
    static let calendar = Endpoint(.get, "/api/v1/calendars/{id}", .staff)
    static let putCalendar = Endpoint(.put, "/api/v1/calendars/{id}", .supervision)
    static let changeCalendar = Endpoint(.patch, "/api/v1/calendars/{id}", .supervision)
    static let breakReasons = Endpoint(.get, "/api/v1/break-reasons", .staff)
    static let putBreakReason = Endpoint(.put, "/api/v1/break-reasons/{id}", .supervision)
    static let routingChecks = Endpoint(.get, "/api/v1/routing/checks", .supervision)
    static let contacts = Endpoint(.get, "/api/v1/contacts", .staff)
    static let contact = Endpoint(.get, "/api/v1/contacts/{id}", .staff)
    static let openContact = Endpoint(.post, "/api/v1/contacts", .staff)
    static let closeContact = Endpoint(.post, "/api/v1/contacts/{id}/close", .staff)
    static let callBack = Endpoint(.post, "/api/v1/contacts/{id}/callback", .staff)
    static let recordings = Endpoint(.get, "/api/v1/contacts/{id}/recordings", .staff)
    static let recording = Endpoint(.get, "/api/v1/contacts/{id}/recordings/{file}", .staff)
    static let explanation = Endpoint(.get, "/api/v1/contacts/{id}/explanation", .supervision)

    // Conflicts.
    static let conflicts = Endpoint(.get, "/api/v1/conflicts", .staff)
    static let restoreConflict = Endpoint(.post, "/api/v1/conflicts/{id}/restore", .supervision)
    static let dismissConflict = Endpoint(.post, "/api/v1/conflicts/{id}/dismiss", .supervision)

    // Sites.
    static let sites = Endpoint(.get, "/api/v1/sites", .staff)
    static let siteStatus = Endpoint(.get, "/api/v1/site/status", .supervision)
    static let siteLink = Endpoint(.post, "/api/v1/site/links/{peer}", .administration)

    static let acknowledgement = Endpoint(.get, "/api/v1/acknowledgements/{dot}", .staff)
    static let cluster = Endpoint(.get, "/api/v1/cluster", .supervision)
    static let decideMembership = Endpoint(.post, "/api/v1/cluster/decisions", .administration)
    static let verification = Endpoint(.get, "/api/v1/site/verification", .supervision)
    static let startVerification = Endpoint(.post, "/api/v1/site/verification", .administration)
    static let backups = Endpoint(.get, "/api/v1/site/backups", .supervision)
    static let startBackup = Endpoint(.post, "/api/v1/site/backups", .administration)

    // Deleting, and lost and found.
    static let deleteCustomer = Endpoint(.delete, "/api/v1/customers/{id}", .supervision)
    static let deleteTicket = Endpoint(.delete, "/api/v1/tickets/{id}", .supervision)
    static let lostFound = Endpoint(.get, "/api/v1/lost-found", .supervision)
    static let settleLostFound = Endpoint(.delete, "/api/v1/lost-found/{type}/{key}", .supervision)

    // For machines.
    static let health = Endpoint(.get, "/healthz", .open)
    static let readiness = Endpoint(.get, "/readyz", .open)
    static let metrics = Endpoint(.get, "/metrics", .open)

    // Pages.
    static let home = Endpoint(.get, "/", .open)
    static let deskPage = Endpoint(.get, "/desk", .open)
    static let wallPage = Endpoint(.get, "/wall", .open)
    static let rulesPage = Endpoint(.get, "/rules", .open)
    static let assets = Endpoint(.get, "/assets/**", .open)

    /// All of them.
    static let all: [Endpoint] = [
        signIn, session, wall, events,
        desk, deskSignIn, deskSignOut, deskState, deskWrapUp, deskHangUp, deskLinkCustomer,
        deskAccept, deskDecline, deskFinish, deskContactWrapUp,
        deskTargets, deskDial, deskHold, deskResume, deskTransfer, deskConsult, deskSwap, deskCompleteTransfer,
        deskEndConsult, deskConference, deskDigits, deskRecording, supervise, stopSupervising,
        customers, customer, createCustomer, changeCustomer, noteCustomer, importCustomers,
        mergeCustomer, unmergeCustomer,
        tickets, ticket, createTicket, changeTicket, noteTicket, mergeTicket, unmergeTicket,
        attachToTicket, ticketAttachment,
        agents, agent, putAgent, queues, queue, putQueue, changeQueue,
        calendars, calendar, putCalendar, changeCalendar, breakReasons, putBreakReason, routingChecks,
        contacts, contact, openContact, closeContact, callBack, explanation, recordings, recording,
        conflicts, restoreConflict, dismissConflict, sites, siteStatus, siteLink,
        acknowledgement, cluster, decideMembership, verification, startVerification, backups, startBackup,
        deleteCustomer, deleteTicket, lostFound, settleLostFound,
        health, readiness, metrics, home, deskPage, wallPage, rulesPage, assets,
    ]
}
