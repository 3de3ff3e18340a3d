using System.Globalization;

namespace Streams.Testing;

/// <summary>A profile that copies the picture and writes the sound anew, as a dubber does; it can be made to fail, and has the original as its fallback.</summary>
public sealed class DubProfile : IDisposable
{
    /// <summary>Its name.</summary>
    public const string Name = "dub";

    private static readonly string[] Arguments =
    [
        "-hide_banner", "-nostdin", "-nostats", "-loglevel", "level+warning", "-progress", "pipe:1", "-stats_period", "0.5",
        "-rtsp_transport", "tcp", "-fflags", "nobuffer", "-flags", "low_delay", "-probesize", "5000000", "-fpsprobesize", "0", "-max_ts_probe", "0",
        "-analyzeduration", "1000000", "-i", "{input}", "-c:v", "copy", "-bsf:v", "{kept.video}", "-c:a", "aac", "-ar", "48000", "-ac", "2", "-bsf:a", "{kept.audio}",
        "-max_interleave_delta", "1", "-muxdelay", "0", "-f", "rtsp", "-rtsp_transport", "tcp", "{output.rtsp}",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("streams-verify-dub-").FullName;

    /// <summary>Writes its program, which works.</summary>
    public DubProfile()
    {
        File.WriteAllText(Program, $"#!/bin/sh\n[ -e '{Works}' ] || exit 3\nexec ffmpeg \"$@\"\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        Mend();
    }

    /// <summary>The settings of a silo that has it.</summary>
    public IEnumerable<KeyValuePair<string, string>> Settings =>
        new Dictionary<string, string> { ["Program"] = Program, ["Fallback"] = "passthrough", ["Outputs__0__Kept"] = "true", ["Outputs__0__Video__0"] = "H264", ["Outputs__0__Audio__0"] = "*" }
            .Concat(new Dictionary<string, string> { ["Outputs__0__Writes__SampleRate"] = "48000", ["Outputs__0__Writes__Channels"] = "2", ["Outputs__1__Video__0"] = "H264", ["Outputs__1__Audio__0"] = "*" })
            .Concat(Arguments.Select(static (argument, index) => KeyValuePair.Create($"Arguments__{index.ToString(CultureInfo.InvariantCulture)}", argument)))
            .Select(static setting => KeyValuePair.Create($"Streams__Workers__Profiles__{Name}__{setting.Key}", setting.Value));

    /// <summary>Its program fails from its next start on.</summary>
    public void Break() => File.Delete(Works);

    /// <summary>Its program works again.</summary>
    public void Mend() => File.WriteAllText(Works, "");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Program => Path.Combine(_folder, "dubber");

    private string Works => Path.Combine(_folder, "works");
}
