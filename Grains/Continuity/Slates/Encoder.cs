using System.Diagnostics;
using Streams.Grains.Os;

namespace Streams.Grains.Continuity.Slates;

/// <summary>Runs the installed ffmpeg for a slate.</summary>
internal sealed class Encoder(TimeProvider time)
{
    private const string Ffmpeg = "ffmpeg";

    /// <summary>What ffmpeg writes to its standard output.</summary>
    /// <param name="arguments">Its arguments, without the output.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="InvalidDataException">It failed, or took too long; the message has its words.</exception>
    public async Task<byte[]> Encode(IEnumerable<string> arguments, TimeSpan limit, CancellationToken cancellationToken)
    {
        string program = ProgramFinder.Find(Ffmpeg) ?? throw new InvalidDataException("ffmpeg is not on this machine's PATH (make setup installs it).");
        using Process process = Process.Start(new ProcessStartInfo(program, ["-hide_banner", "-nostdin", "-loglevel", "error", .. arguments, "pipe:1"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.StandardInput.Close();
        using CancellationTokenSource late = new(limit, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            MemoryStream output = new();
            Task copied = process.StandardOutput.BaseStream.CopyToAsync(output, either.Token);
            string error = await process.StandardError.ReadToEndAsync(either.Token);
            await copied;
            await process.WaitForExitAsync(either.Token);
            return process.ExitCode == 0 && output.Length > 0 ? output.ToArray() : throw new InvalidDataException($"ffmpeg ended with {process.ExitCode}: {LastLine(error)}");
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            throw new InvalidDataException($"ffmpeg did not end within {limit.TotalSeconds:0} s.");
        }
    }

    private static string LastLine(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? "it said nothing";
}
