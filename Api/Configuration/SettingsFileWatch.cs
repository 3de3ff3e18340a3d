namespace Streams.Api.Configuration;

/// <summary>
/// Polls the settings files every second, and applies one when its content has changed. File system notifications would not do: mounted secrets are
/// replaced by links, and network file systems send none.
/// </summary>
internal sealed partial class SettingsFileWatch(IEnumerable<ISettingsFile> files, TimeProvider time, ILogger<SettingsFileWatch> logger) : BackgroundService
{
    private static readonly TimeSpan PollPeriod = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Dictionary<ISettingsFile, string?> seen = files.Where(static file => file.File.Length > 0).ToDictionary(static file => file, static _ => (string?)null);
        using PeriodicTimer timer = new(PollPeriod, time);
        do
        {
            foreach (ISettingsFile file in seen.Keys.ToArray())
            {
                (string? text, string? error) = SettingsText.Read(file.File);
                string content = text ?? error!;
                if (content != seen[file])
                {
                    Apply(file, text, error, isFirst: seen[file] is null);
                    seen[file] = content;
                }
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private void Apply(ISettingsFile file, string? text, string? error, bool isFirst)
    {
        IReadOnlyList<string> errors = text is null ? [error!] : file.Apply(text);
        if (errors.Count > 0)
        {
            LogRefused(file.File, string.Join(' ', errors));
        }
        else if (!isFirst)
        {
            LogApplied(file.File);
        }
    }

    [LoggerMessage(1701, LogLevel.Information, "{File} has changed and was read again")]
    private partial void LogApplied(string file);

    [LoggerMessage(1702, LogLevel.Error, "{File} cannot be used; what it said before stays in force. {Errors}")]
    private partial void LogRefused(string file, string errors);
}
