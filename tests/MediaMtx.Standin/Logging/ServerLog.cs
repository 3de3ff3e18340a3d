using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace MediaMtx.Standin.Logging;

/// <summary>Importance of a log line, as MediaMTX abbreviates it.</summary>
internal enum LogLevel
{
    Debug,
    Info,
    Warn,
    Error,
}

/// <summary>
/// MediaMTX's log on standard output: one JSON object a line, or plain text without <c>logStructured</c>. A line is one write,
/// because the hooks write to the same output.
/// </summary>
internal sealed class ServerLog(Stream output, bool structured, LogLevel lowest, TimeProvider clock)
{
    private static readonly string[] Names = ["DEB", "INF", "WAR", "ERR"];
    private readonly Lock _gate = new();

    public static LogLevel ParseLevel(string name) => name switch
    {
        "debug" => LogLevel.Debug,
        "info" => LogLevel.Info,
        "warn" => LogLevel.Warn,
        "error" => LogLevel.Error,
        _ => throw new Configuration.ConfigException($"invalid log level: '{name}'"),
    };

    public void Info(string message) => Write(LogLevel.Info, message);

    public void Warn(string message) => Write(LogLevel.Warn, message);

    public void Error(string message) => Write(LogLevel.Error, message);

    public void Write(LogLevel level, string message)
    {
        if (level < lowest)
        {
            return;
        }

        DateTimeOffset now = clock.GetUtcNow();
        string line = structured
            ? $"{{\"timestamp\":\"{Rfc3339(now)}\",\"level\":\"{Names[(int)level]}\",\"message\":\"{Escape(message)}\"}}\n"
            : string.Create(CultureInfo.InvariantCulture, $"{now:yyyy/MM/dd HH:mm:ss} {Names[(int)level]} {message}\n");
        byte[] bytes = Encoding.UTF8.GetBytes(line);
        lock (_gate)
        {
            output.Write(bytes);
            output.Flush();
        }
    }

    /// <summary>A time as MediaMTX's API and log write it.</summary>
    public static string Rfc3339(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    private static string Escape(string text) => JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString();
}
