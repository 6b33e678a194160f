"""Records a session, and reads it back."""

from log_manager import LogManagerError, graphql, read_pages, record

count = record(
    {
        "userId": "ABC123XYZ",
        "sessionId": "XYZ456ABC",
        "actions": [
            {
                "time": "2018-10-18T21:37:28-06:00",
                "type": "CLICK",
                "properties": {"locationX": 52, "locationY": 11},
            },
            {
                "time": "2018-10-18T21:37:30-06:00",
                "type": "VIEW",
                "properties": {"viewedId": "FDJKLHSLD"},
            },
            {
                "time": "2018-10-18T21:37:30-06:00",
                "type": "NAVIGATE",
                "properties": {"pageFrom": "communities", "pageTo": "inventory"},
            },
        ],
    }
)
print(f"Recorded {count} actions.")

print("Pages of 2:")
for entries in read_pages(limit=2, user="ABC123XYZ", start_time="2018-10-18", end_time="2018-10-20"):
    print(", ".join(f"{entry['time']} {entry['type']}" for entry in entries))

print("Entries by type:")
data = graphql(
    "query Types($filter: LogFilter) { logTypes(filter: $filter) { types { type count } } }",
    filter={"userIds": ["ABC123XYZ"]},
)
for summary in data["logTypes"]["types"]:
    print(summary["type"], summary["count"])

print("A session that breaks rules:")
try:
    record({"userId": "", "sessionId": "XYZ456ABC", "actions": [{"time": "yesterday", "type": "CLICK"}]})
except LogManagerError as error:
    print(error.code)
    for violation in error.violations:
        print(f"  {violation['path']} {violation['message']}")
