"""The calls that the original's documentation shows, as it shows them."""

import json
import sys

import requests

address = sys.argv[1]
new_log = json.loads(sys.argv[2])

url = address + "/logs/"
answers = []

response = requests.post(url, json=new_log)
answers.append([response.status_code, response.json()])

answers.append([200, requests.get(url).json()])

for start_time, end_time in [("2018-10-18", "2018-10-19"), ("2018-10-19", "2018-10-20")]:
    response = requests.get(
        url,
        json={
            "user": "ABC123XYZ",
            "type": "CLICK",
            "start_time": start_time,
            "end_time": end_time,
        },
    )
    answers.append([response.status_code, response.json()])

print(json.dumps(answers))
