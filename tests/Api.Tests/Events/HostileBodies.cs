using System.Text;

namespace Streams.Api.Tests;

/// <summary>Malicious bodies, the same ones for the same seed.</summary>
internal sealed class HostileBodies(int seed)
{
    private static readonly string[] Fragments =
    [
        "1e999999", "-0", "123456789012345678901234567890", "0.1e-400", "true", "null", "[]", "{}", "\"\"", "\"\\u0000\"", "\"\\ud800\"",
        "\"\\udc00\\ud800\"", "\"\u202Egnp\"", "\"\uFFFE\"", "\"💣\"", "\"../../etc\"", "\"%00%0a\"", "\"$(id)\"", "NaN", "Infinity", "'x'", "\"\\x\"",
        "[[[[[[[[[[", "{\"a\":{\"a\":{\"a\":", "\"live/x/in\"", "\"rtmpConn\"", ",", ":", "\\",
    ];

    private static readonly string[] Fields = ["path", "sourceType", "sourceId", "query", "eventId", "occurredAt", "node", "PATH", "", "\\u0070ath", "__proto__"];

    private readonly Random _random = new(seed);

    public byte[] Next() => _random.Next(6) switch
    {
        0 => Noise(),
        1 => Mutated(),
        2 => Encoding.UTF8.GetBytes(Composed()),
        3 => Encoding.UTF8.GetBytes(Nested()),
        4 => Mutated()[.._random.Next(1, 60)],
        _ => Encoding.UTF8.GetBytes($$"""{"path":"live/x/in","sourceType":{{Fragment()}},"sourceId":{{Fragment()}},"query":{{Fragment()}},"occurredAt":{{Fragment()}},"node":{{Fragment()}}}"""),
    };

    private byte[] Noise()
    {
        byte[] noise = new byte[_random.Next(200)];
        _random.NextBytes(noise);
        return noise;
    }

    private byte[] Mutated()
    {
        List<byte> body = [.. Encoding.UTF8.GetBytes(Bodies.Full("fuzz").ToJsonString())];
        for (int change = _random.Next(1, 6); change > 0; change--)
        {
            int at = _random.Next(body.Count);
            switch (_random.Next(4))
            {
                case 0: body[at] = (byte)_random.Next(256); break;
                case 1: body[at] ^= (byte)(1 << _random.Next(8)); break;
                case 2: body.InsertRange(at, Encoding.UTF8.GetBytes(Fragment())); break;
                default: body.InsertRange(at, body.GetRange(at, Math.Min(_random.Next(40), body.Count - at))); break;
            }
        }

        return [.. body];
    }

    private string Composed()
    {
        StringBuilder body = new("{");
        for (int count = _random.Next(8); count > 0; count--)
        {
            body.Append('"').Append(Fields[_random.Next(Fields.Length)]).Append("\":").Append(Fragment()).Append(count == 1 ? "" : ",");
        }

        return body.Append('}').ToString();
    }

    private string Nested()
    {
        int depth = _random.Next(1, 2_000);
        return $"{{\"path\":{new string('[', depth)}{new string(']', depth - _random.Next(2))}}}";
    }

    private string Fragment() => Fragments[_random.Next(Fragments.Length)];
}
