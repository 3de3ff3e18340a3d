using System.Security.Cryptography;
using System.Text;

namespace Streams.Grains.Workers;

/// <summary>
/// The secret of one run, with which its worker reads the stream's input and writes its output. It lives in this process and in the
/// worker's arguments only: no state, log, history or status has it. Other users of the machine can read it in the process list, which is why it
/// ends with the run.
/// </summary>
internal sealed class RunKey
{
    private const int Characters = 40;

    /// <summary>The secret itself; nothing in it needs escaping.</summary>
    public string Value { get; } = RandomNumberGenerator.GetHexString(Characters, lowercase: true);

    /// <summary>Takes as long for a wrong key as for the right one.</summary>
    public bool Is(string key) => CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(Value)), SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    /// <summary>Hidden, should anybody print it.</summary>
    public override string ToString() => RunUrls.Hidden;
}
