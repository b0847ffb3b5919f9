using TrackWatch.Worker.Commands;

// The way of a parcel: Registering -> Polling -> Recording -> Assessing -> Advising -> Notifying (Running/WorkerHost.cs).
return await CommandLine.RunAsync(args);
