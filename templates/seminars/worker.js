{% load static %}const pages = {
  device: "{% url "seminars:device" %}",
  key: "{% url "seminars:device_key" %}",
  log: "{% url "seminars:log" %}",
  activities: "{% url "seminars:activities" %}",
};
importScripts("{% static "js/device.js" %}", "{% static "js/worker.js" %}");
