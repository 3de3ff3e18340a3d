using System.Security.Cryptography;

namespace Streams.Grains.Workers;

/// <summary>
/// The secret of one run, with which its worker reads the stream's input and writes its output. It lives in this process and in the
/// worker's arguments only: no state, log, history or status has it. Other users of the machine can read it in the process list, which is why it
/// ends with the run.
/// </summary>
internal sealed class RunKey
{
    private const int Characters = 40;

    private readonly HashedSecret _hash;

    public RunKey() => _hash = new HashedSecret(Value);

    /// <summary>The secret itself; nothing in it needs escaping.</summary>
    public string Value { get; } = RandomNumberGenerator.GetHexString(Characters, lowercase: true);

    /// <summary>Whether a given text is the key.</summary>
    public bool Is(string key) => _hash.Is(key);

    /// <summary>Hidden, should anybody print it.</summary>
    public override string ToString() => RunUrls.Hidden;
}
