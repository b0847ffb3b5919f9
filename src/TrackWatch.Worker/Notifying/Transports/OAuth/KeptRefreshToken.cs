using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace TrackWatch.Worker.Notifying.Transports.OAuth;

/// <summary>
/// The refresh token that a provider gave in exchange for the one of the settings, in a file that only its owner reads. It
/// counts for as long as the settings name the token it came from: whoever sets a new one there is obeyed.
/// </summary>
/// <param name="Path">Absolute; its folder is made when there is something to keep.</param>
internal sealed record KeptRefreshToken(string Path)
{
    private sealed record Content(string InsteadOf, string RefreshToken);

    /// <returns>Null where none is kept for this one.</returns>
    public string? Read(string given)
    {
        try
        {
            var kept = JsonSerializer.Deserialize<Content>(File.ReadAllBytes(Path));
            return kept?.InsteadOf == Mark(given) ? kept.RefreshToken : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be written.</exception>
    public void Write(string given, string token)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        var unfinished = $"{Path}.{System.IO.Path.GetRandomFileName()}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(unfinished, options))
            JsonSerializer.Serialize(file, new Content(Mark(given), token));
        File.Move(unfinished, Path, overwrite: true);
    }

    private static string Mark(string given) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(given)));
}
