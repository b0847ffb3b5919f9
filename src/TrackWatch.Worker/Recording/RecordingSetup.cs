namespace TrackWatch.Worker.Recording;

internal static class RecordingSetup
{
    public static IServiceCollection AddRecording(this IServiceCollection services) =>
        services.AddSingleton<EventRecorder>();
}
