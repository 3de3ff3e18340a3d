using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Streams.Grains.Workers;

/// <summary>Which versions the workers' programs have: each is asked once (<c>-version</c>). Safe for several threads.</summary>
internal sealed partial class ProgramVersions
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, Lazy<Version?>> _versions = new(StringComparer.Ordinal);

    /// <summary>The version; null when the program does not tell one that can be read, as development builds do not.</summary>
    public Version? Find(string program) => _versions.GetOrAdd(program, static program => new Lazy<Version?>(() => Ask(program))).Value;

    /// <summary>Reads <c>ffmpeg version 5.1.9-0+deb12u1</c> and the like.</summary>
    internal static Version? Parse(string output) => First().Match(output) is { Success: true } match ? Version.Parse(match.Groups[1].Value) : null;

    private static Version? Ask(string program)
    {
        try
        {
            using Process asked = Process.Start(new ProcessStartInfo(program, ["-version"]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
            asked.StandardInput.Close();
            asked.ErrorDataReceived += static (_, _) => { };
            asked.BeginErrorReadLine();
            using CancellationTokenSource limit = new(Limit);
            using CancellationTokenRegistration kill = limit.Token.Register(() => asked.Kill(entireProcessTree: true));
            string? first = asked.StandardOutput.ReadLine();
            asked.Kill(entireProcessTree: true);
            return first is null ? null : Parse(first);
        }
        catch (Exception failure) when (failure is System.ComponentModel.Win32Exception or IOException or InvalidOperationException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"version n?(\d{1,4}\.\d{1,4}(?:\.\d{1,4})?)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex First();
}
