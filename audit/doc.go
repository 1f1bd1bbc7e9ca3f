// Package audit records what happens in a Go program into keytrail: changes of entities with their differences,
// requests in and out, and whatever else the program names.
//
// A Client takes events and delivers them. Around it, Tracker turns structs into events, package httpaudit records
// requests, slogaudit writes log files, and the modules gormaudit, sqlaudit and sftpaudit do it for GORM, database/sql
// and SFTP. All of them take a Recorder, which Client is; who acts comes from the context (WithActor, SetActor).
//
// # What is guaranteed
//
// Record puts an event into a queue of files below Options.Dir and returns; a goroutine delivers from there. It never
// waits for the network.
//
//   - By default, an event is with the operating system when Record returns: it outlives a crash or kill of the program.
//     The disk is told to keep it within Options.SyncEvery (one second), so a power cut can take that last second.
//     Record returns nil even when the event could not be taken: the application goes on. What was not taken is counted
//     in Stats.Lost, logged, and told in the log itself by an event recording.gap with how many and from when to when; what
//     could not be told before the program ended is told at the next Open.
//   - With Options.Strict, an event is on the disk when Record returns nil. An error means that it may not be: whoever calls
//     must fail the operation, of which the event may still arrive. The recorders in this module do (a transaction is
//     rolled back, a request is answered 503), also behind a Tee. Ready says beforehand that an event would not be taken:
//     the queue is full, or a write or flush failed and the disk still takes no more. After a flush that failed that holds
//     until the client is opened anew. Concurrent calls share one flush.
//   - keytrail away, refusing the token, or slow, or something else at its address: events wait in the queue, in order, and
//     are tried again after 0.1 to 30 seconds; Stats.Trouble says why. Nothing is lost or recorded twice: each event has
//     an id, under which keytrail knows a repeat, and it is taken out of the queue only after keytrail has it on its own disk.
//     Events of a clock that is more than ten minutes fast wait, too, with those behind them, until their time has come; one
//     that lies a day ahead of the clock itself is refused.
//   - The queue is full (Options.MaxQueueBytes, 1 GiB): what is in it stays, and new events are not taken until there is
//     room. By default they are lost and told as a gap; in strict mode operations fail with ErrQueueFull.
//   - An event is cut to keytrail's limits before it is taken (see MaxEventBytes); one whose action is not allowed gives
//     ErrInvalid. One that keytrail itself refuses for what it is, and always would, goes into the file refused.ndjson
//     beside the queue, with the reason, and is counted and logged; those behind it go on.
//   - A file that a crash left torn loses nothing that Record in strict mode returned nil for; one that was damaged is set
//     aside, logged, told by an event recording.gap with how many bytes could not be read, and the rest goes on.
//
// # What is personal
//
// keytrail seals what may be personal. Until it is delivered, it lies in files that only the program's user may read
// (0600): the queue's folder deserves an encrypted disk. Masks keep secrets from it, as far as their names and forms tell
// them: what else holds some, tag `audit:"mask"` or give NewMasks its name. Metadata and fields of events of your own are
// taken as they are.
package audit
