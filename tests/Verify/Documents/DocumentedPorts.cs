using System.Globalization;
using System.Text.RegularExpressions;

namespace Streams.Verify.Documents;

/// <summary>Replaces the default ports in documented commands by the ports of the run.</summary>
internal sealed partial class DocumentedPorts(IReadOnlyDictionary<int, int> ports)
{
    /// <summary>Whether the run has the default ports, so that commands run as they stand.</summary>
    public bool AreDefault => ports.All(static port => port.Key == port.Value);

    /// <summary>The commands, with each <c>:PORT</c> that is a default one replaced.</summary>
    public string In(string commands) => Port().Replace(commands, match =>
        ports.TryGetValue(int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture), out int port)
            ? string.Create(CultureInfo.InvariantCulture, $":{port}")
            : match.Value);

    [GeneratedRegex(@"(?<=[A-Za-z0-9.\]]):([0-9]{4,5})(?![0-9])")]
    private static partial Regex Port();
}
